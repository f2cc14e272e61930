using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.FSharp.Core;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Plotly.NET.TraceObjects;
using DynamicObject = DynamicObj.DynamicObj;

namespace CourseKit.Charts;

/// <summary>
/// Which class Plotly.NET has for what stands at a property. Its own functions say so: Layout.init takes a Title and a
/// sequence of Annotation, Trace2DStyle.Scatter a Marker, Marker.init a Line.
/// </summary>
internal sealed class ChartTypes
{
    /// <summary>
    /// What no function takes under the property's name: the subplots of a layout, which come with a number (xaxis, xaxis2,
    /// scene3), and the line of a candle, which comes in parts.
    /// </summary>
    private static readonly Dictionary<Type, Dictionary<string, Type>> Unnamed = new()
    {
        [typeof(Layout)] = new()
        {
            ["xaxis"] = typeof(LinearAxis),
            ["yaxis"] = typeof(LinearAxis),
            ["scene"] = typeof(Scene),
            ["polar"] = typeof(Polar),
            ["ternary"] = typeof(Ternary),
            ["smith"] = typeof(Smith),
            ["geo"] = typeof(Geo),
            ["mapbox"] = typeof(Mapbox),
            ["coloraxis"] = typeof(ColorAxis),
            ["legend"] = typeof(Legend),
        },
        [typeof(FinanceMarker)] = new() { ["line"] = typeof(Line) },
    };

    /// <summary>Parameters that are called otherwise than the property they set.</summary>
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["XError"] = "error_x",
        ["YError"] = "error_y",
        ["ZError"] = "error_z",
        ["Outline"] = "line",
        ["Padding"] = "pad",
        ["Nodes"] = "node",
        ["Links"] = "link",
    };

    private static readonly ConcurrentDictionary<(Type Type, string Trace), ChartTypes> Known = new();

    private readonly Dictionary<string, Type> types = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Type> unnamed;

    private ChartTypes(Type type, IEnumerable<MethodInfo> functions)
    {
        unnamed = Unnamed.GetValueOrDefault(type, []);
        foreach (ParameterInfo parameter in functions.SelectMany(function => function.GetParameters()))
        {
            if (Kind(parameter.ParameterType) is Type kind)
                types.TryAdd(Renamed.GetValueOrDefault(parameter.Name!, parameter.Name!), kind);
        }
    }

    /// <summary>The class at a property, of the object there or of each one in an array; the common base where none is known.</summary>
    public Type this[string property] =>
        types.GetValueOrDefault(property)
        ?? unnamed.GetValueOrDefault(property.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'))
        ?? typeof(DynamicObject);

    /// <summary>The classes at the properties of an object.</summary>
    public static ChartTypes Of(Type type) => Known.GetOrAdd((type, ""), static key => new ChartTypes(
        key.Type, Functions(key.Type).Where(function => function.Name is "init" or "style")));

    /// <summary>The classes at the properties of a trace: what the function for its type says goes before what those for its relatives say.</summary>
    public static ChartTypes OfTrace(Trace trace) => Known.GetOrAdd((trace.GetType(), trace.type), static key => new ChartTypes(
        key.Type, Functions(key.Type.Assembly.GetType(key.Type.FullName + "Style")!)
            .Concat(Functions(typeof(TraceStyle)))
            .OrderByDescending(function => function.Name.Equals(key.Trace, StringComparison.OrdinalIgnoreCase))));

    /// <summary>An empty trace, of the class that Plotly.NET has for its type.</summary>
    public static Trace NewTrace(string type) => type switch
    {
        "scatter3d" or "surface" or "mesh3d" or "cone" or "streamtube" or "volume" or "isosurface" => new Trace3D(type),
        "scatterpolar" or "scatterpolargl" or "barpolar" => new TracePolar(type),
        "scatterternary" => new TraceTernary(type),
        "scattersmith" => new TraceSmith(type),
        "scattergeo" or "choropleth" => new TraceGeo(type),
        "scattermapbox" or "choroplethmapbox" or "densitymapbox" => new TraceMapbox(type),
        "carpet" or "scattercarpet" or "contourcarpet" => new TraceCarpet(type),
        "pie" or "funnelarea" or "sunburst" or "treemap" or "icicle" or "sankey" or "table" or "indicator" or "parcoords" or "parcats" => new TraceDomain(type),
        _ => new Trace2D(type),
    };

    private static MethodInfo[] Functions(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);

    /// <summary>The class of Plotly.NET in a parameter such as "?Marker: Marker" or "?Annotations: seq&lt;Annotation&gt;"; null where there is none.</summary>
    private static Type? Kind(Type parameter)
    {
        Type type = Unwrapped(Unwrapped(parameter, typeof(FSharpOption<>)), typeof(IEnumerable<>));
        return type.IsSubclassOf(typeof(DynamicObject)) && type.GetConstructor([]) is not null ? type : null;
    }

    private static Type Unwrapped(Type type, Type wrapper) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == wrapper ? type.GetGenericArguments()[0] : type;
}
