using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Session.Guarding;

/// <summary>Finds what reaches past the language: memory, reflection, other code. And what only an odd answer would use.</summary>
internal static class ApiCheck
{
    // With these a cell could change the result of a test or read the test itself.
    private static readonly string[] s_refusedNamespaces =
    [
        "System.Reflection", "System.Runtime.Loader", "System.Runtime.InteropServices", "Microsoft.Win32.SafeHandles", "System.IO.Pipes",
        "System.IO.MemoryMappedFiles", "System.Linq.Expressions", "Microsoft.CodeAnalysis", "Microsoft.CSharp",
        "System.Dynamic", "System.Runtime.Serialization",
    ];

    private static readonly HashSet<string> s_refusedTypes = new(StringComparer.Ordinal)
    {
        "System.AppDomain", "System.AppContext", "System.Activator", "System.TypedReference", "System.RuntimeTypeHandle", "System.RuntimeMethodHandle",
        "System.RuntimeFieldHandle", "System.Runtime.CompilerServices.Unsafe", "System.Runtime.CompilerServices.RuntimeHelpers",
        "System.Runtime.CompilerServices.UnsafeAccessorAttribute", "System.ComponentModel.TypeDescriptor", "System.Diagnostics.StackTrace",
        "System.Diagnostics.StackFrame", "System.ArgIterator",
    };

    // Harmless parts of namespaces above: spans of a list, tuples' names, and what the compiler itself writes.
    private static readonly HashSet<string> s_allowedTypes = new(StringComparer.Ordinal)
    {
        "System.Runtime.InteropServices.CollectionsMarshal", "System.Runtime.InteropServices.InAttribute", "System.Runtime.InteropServices.OutAttribute",
        "System.Runtime.InteropServices.StructLayoutAttribute", "System.Runtime.InteropServices.LayoutKind",
    };

    // Of these types only what tells a name or compares.
    private static readonly HashSet<string> s_allowedOfType = new(StringComparer.Ordinal)
    {
        "Name", "FullName", "ToString", "Equals", "GetHashCode", "IsAssignableFrom", "IsAssignableTo", "IsInstanceOfType", "IsArray", "IsValueType", "IsClass",
        "IsEnum", "IsGenericType", "op_Equality", "op_Inequality", "Namespace",
    };

    // Looks odd in an answer and may be honest; the sandbox holds it.
    private static readonly string[] s_oddNamespaces = ["System.Net", "System.Diagnostics.Process", "Microsoft.DotNet.Interactive.Formatting"];

    private static readonly HashSet<string> s_oddMembers = new(StringComparer.Ordinal)
    {
        "System.Environment.Exit", "System.Environment.FailFast", "System.Diagnostics.Process.Start", "System.Diagnostics.Process.Kill", "System.Environment.GetEnvironmentVariables",
    };

    public static IEnumerable<Suspicion> Find(SemanticModel model, SyntaxTree tree)
    {
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (Syntactic(node) is { } construct)
                yield return new Suspicion(CellGuard.LineOf(node), construct, true);
            if (node is not (SimpleNameSyntax or BaseObjectCreationExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax))
                continue;
            if (model.GetTypeInfo(node).Type is IDynamicTypeSymbol)
                yield return new Suspicion(CellGuard.LineOf(node), "dynamic, which hides from the grader what is called", true);
            var info = model.GetSymbolInfo(node);
            foreach (var symbol in info.Symbol is { } one ? [one] : info.CandidateSymbols)
            {
                if (Judge(symbol) is { } found)
                    yield return new Suspicion(CellGuard.LineOf(node), found.What, found.IsRefused);
            }

            // A value whose type is never written down: var m = f.Method.
            if (node is SimpleNameSyntax && model.GetTypeInfo(node).Type is { } type && JudgeType(type) is { } hidden)
                yield return new Suspicion(CellGuard.LineOf(node), hidden, true);
        }
    }

    private static string? Syntactic(SyntaxNode node) => node switch
    {
        PointerTypeSyntax or FunctionPointerTypeSyntax or UnsafeStatementSyntax or FixedStatementSyntax => "pointers, which reach any memory",
        _ when node is MemberDeclarationSyntax { } member && member.Modifiers.Any(SyntaxKind.ExternKeyword) => "extern, which calls code outside .NET",
        LocalFunctionStatementSyntax function when function.Modifiers.Any(SyntaxKind.ExternKeyword) => "extern, which calls code outside .NET",
        MemberDeclarationSyntax member when member.Modifiers.Any(SyntaxKind.UnsafeKeyword) => "unsafe code, which reaches any memory",
        LiteralExpressionSyntax { Token.Value: string text } when text.Contains("/proc", StringComparison.Ordinal) => "a path into /proc, where Linux shows processes",
        RefTypeExpressionSyntax or MakeRefExpressionSyntax or RefValueExpressionSyntax => "typed references, which reach any memory",
        _ => null,
    };

    private static (string What, bool IsRefused)? Judge(ISymbol symbol)
    {
        if (symbol is IAliasSymbol alias)
            return Judge(alias.Target);
        if (symbol is INamespaceSymbol or { Name: "Name", ContainingType.Name: "MemberInfo" })
            return null;
        if (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [{ Type.SpecialType: SpecialType.System_IntPtr }, ..] } byHandle && byHandle.ContainingType.Name != "IntPtr")
            return ($"{byHandle.ContainingType.Name} from a system handle, which reaches into the process that grades", true);
        var type = symbol as ITypeSymbol ?? symbol.ContainingType;
        if (type is null)
            return null;
        if (JudgeType(type) is { } refused)
            return (refused, true);
        var name = FullName(type);
        var member = symbol is ITypeSymbol ? name : $"{name}.{symbol.Name}";
        if (name == "System.Type" && symbol is not ITypeSymbol && !s_allowedOfType.Contains(symbol.Name))
            return ($"reflection ({member})", true);
        if (name is "System.Delegate" or "System.MulticastDelegate" && symbol.Name is "Method" or "DynamicInvoke" or "CreateDelegate" or "Target")
            return ($"reflection ({member})", true);
        return s_oddMembers.Contains(member) ? (member, false) : s_oddNamespaces.Any(space => IsIn(name, space)) ? (name, false) : null;
    }

    private static string? JudgeType(ITypeSymbol type)
    {
        for (var part = type; part is not null; part = (part as IArrayTypeSymbol)?.ElementType)
        {
            var name = FullName(part);
            if (part.BaseType is { } parent && FullName(parent).EndsWith(".SafeHandle", StringComparison.Ordinal))
                return $"{name}, which reaches into the process that grades";
            if (s_refusedTypes.Contains(name) || (!s_allowedTypes.Contains(name) && s_refusedNamespaces.Any(space => IsIn(name, space))))
                return $"{name}, which reaches into the process that grades";
            if (part is INamedTypeSymbol { IsGenericType: true } generic && generic.TypeArguments.Select(JudgeType).FirstOrDefault(found => found is not null) is { } argument)
                return argument;
        }

        return null;
    }

    private static bool IsIn(string name, string space) =>
        name.StartsWith(space, StringComparison.Ordinal) && (name.Length == space.Length || name[space.Length] == '.');

    private static string FullName(ITypeSymbol type)
    {
        var outer = type.ContainingType is { } container ? FullName(container)
            : type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() : "";
        return outer.Length == 0 ? type.Name : $"{outer}.{type.Name}";
    }
}
