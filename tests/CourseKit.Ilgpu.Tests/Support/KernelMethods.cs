using System.Reflection;
using ILGPU;

namespace CourseKit.Tests;

/// <summary>Every kernel of the kit, those with a formula as parameter once for each formula of the library.</summary>
internal static class KernelMethods
{
    private static readonly Type[] Kit = [.. typeof(Tensor).Assembly.GetTypes(), .. typeof(IlgpuDevice).Assembly.GetTypes()];

    public static IReadOnlyDictionary<string, MethodInfo> All { get; } = Find().ToDictionary(NameOf);

    public static string NameOf(MethodInfo kernel)
        => $"{kernel.DeclaringType!.Name}.{kernel.Name}{(kernel.IsGenericMethod ? $" of {string.Join(", ", kernel.GetGenericArguments().Select(NameOf))}" : "")}";

    /// <summary>Whether it says itself which threads work together.</summary>
    public static bool IsGrouped(MethodInfo kernel) => kernel.GetParameters()[0].ParameterType != typeof(Index1D);

    /// <summary>Formulas that fit a type parameter: those of a library, made of formulas in turn.</summary>
    public static IEnumerable<Type> FormulasFor(Type parameter)
    {
        var wanted = parameter.GetGenericParameterConstraints().Single(constraint => constraint.IsInterface);
        foreach (var type in Kit.Where(type => type is { IsValueType: true } && type.IsAssignableTo(wanted)))
        {
            if (!type.IsGenericTypeDefinition)
                yield return type;
            else
                foreach (var part in FormulasFor(type.GetGenericArguments().Single()))
                    yield return type.MakeGenericType(part);
        }
    }

    private static IEnumerable<MethodInfo> Find()
    {
        var kernels = typeof(IlgpuDevice).Assembly.GetTypes().Where(type => type.Name.EndsWith("Kernels", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(method => method.ReturnType == typeof(void));
        foreach (var kernel in kernels)
        {
            if (!kernel.IsGenericMethodDefinition)
                yield return kernel;
            else
                foreach (var formula in FormulasFor(kernel.GetGenericArguments().Single()))
                    yield return kernel.MakeGenericMethod(formula);
        }
    }

    private static string NameOf(Type type)
    {
        var name = type.IsNested ? $"{type.DeclaringType!.Name}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : name;
    }
}
