using ILGPU.Runtime.Cuda;

namespace CourseKit.Tests;

/// <summary>Device memory over many steps, and what happens where it ends.</summary>
public sealed class MemoryTests : IDisposable
{
    private readonly IlgpuDevice device = Simulator.Open();

    public void Dispose() => device.Dispose();

    [Fact]
    public void Training_steps_take_the_same_memory_again_and_again()
    {
        // The simulator needs a hundredth of a second for a step.
        Assert.All(GpuSupport.Found.OfType<IlgpuDevice>(), found => Train(found, 10_000));
        Train(device, 300);

        static void Train(IlgpuDevice device, int steps)
        {
            var generator = new Generator(1);
            var (x, y) = (Tensor.Normal([8, 2], generator: generator, device: device), Tensor.Normal([8, 1], generator: generator, device: device));
            var model = new Sequential(new Linear(2, 4, generator: generator, device: device), new Tanh(), new Linear(4, 1, generator: generator, device: device));
            var optimizer = new SGD(model.Parameters(), 0.05, momentum: 0.9);
            long afterSome = 0;
            for (var step = 0; step < steps; step++)
            {
                using var scope = new TensorScope();
                optimizer.ZeroGrad();
                new MSELoss().Forward(model.Forward(x), y).Backward();
                optimizer.Step();
                if (step == 10)
                    afterSome = device.MemoryInUse;
            }
            device.Synchronize();
            Assert.NotEqual(0, afterSome);
            Assert.Equal(afterSome, device.MemoryInUse);
        }
    }

    [Fact]
    public void What_nobody_holds_any_more_is_used_again()
    {
        device.MemoryLimit = 40 << 10; // ten of the blocks below
        for (var i = 0; i < 100; i++)
            MakeAndForget(i);
        Assert.InRange(device.MemoryInUse, 1, device.MemoryLimit);

        // In a method of its own, so that nothing on the stack holds the tensor.
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        void MakeAndForget(int i) => Assert.Equal(i, Tensor.Full([1 << 10], i, device)[17]);
    }

    [Fact]
    public void A_full_device_says_so_and_work_goes_on_there_and_on_the_processor()
    {
        device.MemoryLimit = 1 << 20;
        var kept = Tensor.Full([1 << 10], 1, device);
        var error = Assert.Throws<InsufficientMemoryException>(() => Tensor.Full([1 << 22], 1, device));
        Assert.Contains("no room for another 17 MB", error.Message, StringComparison.Ordinal);
        Assert.Contains("Device.Cpu", error.Message, StringComparison.Ordinal);
        Assert.Equal(1 << 10, kept.To(Device.Cpu).Sum().Item());
        Assert.Equal(1 << 10, kept.Sum().Item());
    }

    [Fact]
    public void A_lost_device_says_so_and_the_processor_goes_on()
    {
        var model = new Linear(2, 1, generator: new Generator(1), device: device);
        var before = model.Weight.ToArray();
        var x = Tensor.Full([1, 2], 1, device);
        device.Lose(new CudaException("an illegal memory access was encountered"));
        Assert.True(device.IsLost);
        foreach (var work in new Action[] { () => model.Forward(x), () => x.ToArray(), () => Tensor.Full([1], 1, device), () => device.Synchronize() })
        {
            var error = Assert.Throws<InvalidOperationException>(work);
            Assert.Contains("illegal memory access", error.Message, StringComparison.Ordinal);
            Assert.Contains("go on with Device.Cpu", error.Message, StringComparison.Ordinal);
        }
        var again = new Linear(2, 1, generator: new Generator(1), device: Device.Cpu);
        Assert.Equal(before, again.Weight.ToArray());
        Assert.Equal(before.Sum() + again.Bias!.ToArray()[0], again.Forward(Tensor.Full([1, 2], 1, Device.Cpu)).Item(), 1e-6);
    }

    [Fact]
    public void A_disposed_device_says_so_rather_than_read_freed_memory()
    {
        var other = Simulator.Open();
        var x = Tensor.Full([3], 1, other);
        other.Dispose();
        Assert.Contains("was disposed", Assert.Throws<ObjectDisposedException>(() => x.ToArray()).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => x + x);
    }
}
