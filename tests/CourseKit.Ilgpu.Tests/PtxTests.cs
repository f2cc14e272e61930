using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace CourseKit.Tests;

/// <summary>Every kernel is translated for NVIDIA's processors of 2020 (SM 8.0) and 2022 (SM 9.0), which needs none of them.</summary>
public sealed class PtxTests : IClassFixture<PtxTests.Translators>
{
    private readonly Translators translators;

    public PtxTests(Translators translators) => this.translators = translators;

    public static TheoryData<string> Kernels => [.. KernelMethods.All.Keys];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_is_translated_without_an_approximation(string name)
    {
        var kernel = KernelMethods.All[name];
        foreach (var text in translators.Translate(kernel))
        {
            Assert.Contains(".entry", text, StringComparison.Ordinal);
            // The fast forms are right to three digits; max and min of doubles, as an instruction, lose a NaN.
            Assert.DoesNotContain("approx", text, StringComparison.Ordinal);
            Assert.DoesNotContain("max.f64", text, StringComparison.Ordinal);
            Assert.DoesNotContain("min.f64", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_takes_only_what_can_be_handed_to_a_device(string name)
        => Assert.All(KernelMethods.All[name].GetParameters(), parameter => Assert.Null(Unfit(parameter.ParameterType)));

    [Theory]
    [InlineData("ElementwiseKernels.Map of Exponential", "0D3FF71547652B82FE")] // 1 / ln 2
    [InlineData("ElementwiseKernels.Map of Logarithm", "0D3FE62E42FEE00000")] // ln 2, first part
    [InlineData("ElementwiseKernels.Map of Sine", "0D3FE45F306DC9C883")] // 2 / pi
    public void Functions_are_the_kit_s_own_polynomials(string name, string constant)
        => Assert.All(translators.Translate(KernelMethods.All[name]), text => Assert.Contains(constant, text, StringComparison.OrdinalIgnoreCase));

    /// <summary>What in a parameter has no one size on all devices.</summary>
    private static string? Unfit(Type type)
    {
        if (type == typeof(bool) || type == typeof(char) || !type.IsValueType)
            return $"{type} is no number";
        if (type.IsPrimitive || type.IsEnum || type.Namespace?.StartsWith("ILGPU", StringComparison.Ordinal) == true)
            return null;
        return type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(field => Unfit(field.FieldType) is { } reason ? $"{type.Name}.{field.Name}: {reason}" : null).FirstOrDefault(reason => reason is not null);
    }

    [Fact]
    public void A_kernel_that_throws_is_refused_in_a_context_of_its_own()
    {
        var refused = typeof(PtxTests).GetMethod(nameof(Throwing), BindingFlags.Static | BindingFlags.NonPublic)!;
        Assert.ThrowsAny<Exception>(() => translators.Translate(refused).ToList());
        Assert.NotEmpty(translators.Translate(KernelMethods.All["ElementwiseKernels.Fill"]));
    }

    private static void Throwing(Index1D i, ArrayView<float> x)
    {
        if (x[i] < 0)
            throw new InvalidOperationException();
    }

    /// <summary>One context for all kernels, made anew after one that failed: what follows would fail too.</summary>
    public sealed class Translators : IDisposable
    {
        private readonly Lock gate = new();
        private Context context = Make();

        internal IEnumerable<string> Translate(MethodInfo kernel)
        {
            lock (gate)
            {
                try
                {
                    return [Translate(kernel, new(8, 0), CudaInstructionSet.ISA_80), Translate(kernel, new(9, 0), CudaInstructionSet.ISA_80)];
                }
                catch
                {
                    context.Dispose();
                    context = Make();
                    throw;
                }
            }
        }

        private string Translate(MethodInfo kernel, CudaArchitecture architecture, CudaInstructionSet instructions)
        {
            using var backend = new PTXBackend(context, architecture, instructions, null!);
            var entry = KernelMethods.IsGrouped(kernel) ? EntryPointDescription.FromExplicitlyGroupedKernel(kernel) : EntryPointDescription.FromImplicitlyGroupedKernel(kernel);
            return ((PTXCompiledKernel)backend.Compile(entry, default)).PTXAssembly;
        }

        private static Context Make() => Contexts.Create(builder => builder);

        public void Dispose() => context.Dispose();
    }
}
