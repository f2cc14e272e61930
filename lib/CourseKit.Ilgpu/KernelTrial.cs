using System.Collections.Concurrent;
using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Frontend;
using ILGPU.Frontend.Intrinsic;
using ILGPU.Runtime.Cuda;

namespace CourseKit;

/// <summary>
/// Kernels of others are translated in a context of their own before they reach the device's: one that cannot be translated leaves a context in which
/// no later one can.
/// </summary>
internal static class KernelTrial
{
    private static readonly ConcurrentDictionary<MethodInfo, string?> Found = new();

    /// <exception cref="ArgumentException">The kernel cannot be translated.</exception>
    public static void Check(MethodInfo kernel)
    {
        if (Found.GetOrAdd(kernel, Complaint) is { } complaint)
            throw new ArgumentException($"The kernel {kernel.Name} cannot be translated for a graphics processor: {complaint.TrimEnd('.')}. A kernel is a static method of numbers, structs and ArrayViews: it cannot throw (nor can what it calls: Math.Clamp does), make objects or strings, or use static fields that change.");
    }

    private static string? Complaint(MethodInfo kernel)
    {
        _ = SkipsStopChecks.Value;
        using var context = Contexts.Create(builder => builder);
        using var backend = new PTXBackend(context, new CudaArchitecture(8, 0), CudaInstructionSet.ISA_80, null!);
        try
        {
            backend.Compile(EntryPointDescription.FromImplicitlyGroupedKernel(kernel), default);
            return null;
        }
#pragma warning disable CA1031 // whatever ILGPU throws, it is the user's to read
        catch (Exception exception)
#pragma warning restore CA1031
        {
            while (exception.InnerException is { } inner)
                exception = inner;
            return exception.Message.ReplaceLineEndings(" ");
        }
    }

    // A session puts calls into every function and loop of a cell, so that it can be stopped. A kernel cannot be: there they are left out.
    private static readonly Lazy<bool> SkipsStopChecks = new(() =>
    {
        var nothing = typeof(KernelTrial).GetMethod(nameof(Nothing), BindingFlags.Static | BindingFlags.Public)!;
        var checks = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => assembly.GetName().Name == "CourseKit.Session")?.GetType("CourseKit.Session.Stopping.StopCheck");
        foreach (var check in checks?.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly) ?? [])
            RemappedIntrinsics.AddRemapping(check, (ref InvocationContext call) => call.Method = nothing);
        return checks is not null;
    });

    /// <summary>Does nothing.</summary>
    public static void Nothing()
    {
    }
}
