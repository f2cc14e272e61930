using ILGPU;
using ILGPU.Runtime;

namespace CourseKit;

/// <summary>The kernels of one accelerator, each compiled when it is first asked for and then kept: ILGPU itself forgets what nobody holds.</summary>
internal sealed class KernelCache(IlgpuDevice device, Accelerator accelerator)
{
    private readonly Dictionary<Delegate, Delegate> loaded = [];

    /// <summary>Kernels compiled so far.</summary>
    public int Count => loaded.Count;

    /// <summary>Runs a kernel for each number below <paramref name="count"/>; nothing where there is none, which ILGPU would refuse.</summary>
    public void Run<T1>(Action<Index1D, T1> kernel, int count, T1 a)
        where T1 : struct
    {
        if (count == 0)
            return;
        var launch = Find(kernel, static (on, kernel) => on.LoadAutoGroupedStreamKernel(kernel));
        try
        {
            launch(count, a);
        }
        catch (AcceleratorException exception)
        {
            throw device.Lose(exception);
        }
    }

    /// <inheritdoc cref="Run{T1}"/>
    public void Run<T1, T2>(Action<Index1D, T1, T2> kernel, int count, T1 a, T2 b)
        where T1 : struct where T2 : struct
    {
        if (count == 0)
            return;
        var launch = Find(kernel, static (on, kernel) => on.LoadAutoGroupedStreamKernel(kernel));
        try
        {
            launch(count, a, b);
        }
        catch (AcceleratorException exception)
        {
            throw device.Lose(exception);
        }
    }

    /// <inheritdoc cref="Run{T1}"/>
    public void Run<T1, T2, T3>(Action<Index1D, T1, T2, T3> kernel, int count, T1 a, T2 b, T3 c)
        where T1 : struct where T2 : struct where T3 : struct
    {
        if (count == 0)
            return;
        var launch = Find(kernel, static (on, kernel) => on.LoadAutoGroupedStreamKernel(kernel));
        try
        {
            launch(count, a, b, c);
        }
        catch (AcceleratorException exception)
        {
            throw device.Lose(exception);
        }
    }

    /// <inheritdoc cref="Run{T1}"/>
    public void Run<T1, T2, T3, T4>(Action<Index1D, T1, T2, T3, T4> kernel, int count, T1 a, T2 b, T3 c, T4 d)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        if (count == 0)
            return;
        var launch = Find(kernel, static (on, kernel) => on.LoadAutoGroupedStreamKernel(kernel));
        try
        {
            launch(count, a, b, c, d);
        }
        catch (AcceleratorException exception)
        {
            throw device.Lose(exception);
        }
    }

    /// <inheritdoc cref="Run{T1}"/>
    public void Run<T1, T2, T3, T4, T5>(Action<Index1D, T1, T2, T3, T4, T5> kernel, int count, T1 a, T2 b, T3 c, T4 d, T5 e)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
    {
        if (count == 0)
            return;
        var launch = Find(kernel, static (on, kernel) => on.LoadAutoGroupedStreamKernel(kernel));
        try
        {
            launch(count, a, b, c, d, e);
        }
        catch (AcceleratorException exception)
        {
            throw device.Lose(exception);
        }
    }

    /// <inheritdoc cref="Run{T1}"/>
    public void Run<T1, T2, T3, T4, T5, T6>(Action<Index1D, T1, T2, T3, T4, T5, T6> kernel, int count, T1 a, T2 b, T3 c, T4 d, T5 e, T6 f)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
    {
        if (count == 0)
            return;
        var launch = Find(kernel, static (on, kernel) => on.LoadAutoGroupedStreamKernel(kernel));
        try
        {
            launch(count, a, b, c, d, e, f);
        }
        catch (AcceleratorException exception)
        {
            throw device.Lose(exception);
        }
    }

    /// <summary>Runs a kernel in groups of threads that share memory.</summary>
    public void RunGroups<T1, T2, T3, T4>(Action<T1, T2, T3, T4> kernel, KernelConfig groups, T1 a, T2 b, T3 c, T4 d)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        var launch = Find(kernel, static (on, kernel) => on.LoadStreamKernel(kernel));
        try
        {
            launch(groups, a, b, c, d);
        }
        catch (AcceleratorException exception)
        {
            throw device.Lose(exception);
        }
    }

    /// <inheritdoc cref="RunGroups{T1, T2, T3, T4}"/>
    public void RunGroups<T1, T2, T3, T4, T5>(Action<T1, T2, T3, T4, T5> kernel, KernelConfig groups, T1 a, T2 b, T3 c, T4 d, T5 e)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
    {
        var launch = Find(kernel, static (on, kernel) => on.LoadStreamKernel(kernel));
        try
        {
            launch(groups, a, b, c, d, e);
        }
        catch (AcceleratorException exception)
        {
            throw device.Lose(exception);
        }
    }

    private TDelegate Find<TKernel, TDelegate>(TKernel kernel, Func<Accelerator, TKernel, TDelegate> load) where TKernel : Delegate where TDelegate : Delegate
    {
        device.ThrowIfLost();
        lock (loaded)
        {
            if (!loaded.TryGetValue(kernel, out var launcher))
                loaded[kernel] = launcher = load(accelerator, kernel);
            return (TDelegate)launcher;
        }
    }
}
