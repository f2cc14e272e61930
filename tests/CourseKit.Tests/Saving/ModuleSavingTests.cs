namespace CourseKit.Tests;

/// <summary>Saving a model's parameters and buffers and loading them into another of the same build.</summary>
public sealed class ModuleSavingTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-saving").FullName;

    private string File => Path.Combine(folder, "model.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Sequential Network(ulong seed, Device? device = null, int hidden = 5)
    {
        var generator = new Generator(seed);
        return new Sequential(new Linear(3, hidden, generator: generator, device: device), new Tanh(), new Linear(hidden, 2, bias: false, generator, device));
    }

    private sealed class Counting : Module
    {
        public Counting(int count)
        {
            Mean = RegisterBuffer("running_mean", Tensor.Full([count], 0));
            Scale = Register("weight", Tensor.Ones(count));
        }

        public Tensor Mean { get; }

        public Tensor Scale { get; }
    }

    [Fact]
    public void A_loaded_model_answers_as_the_saved_one()
    {
        foreach (var device in Device.All)
        {
            var (saved, loaded) = (Network(1, device), Network(2, device));
            saved.Save(File);
            var x = Tensor.Uniform([4, 3], -1, 1, new Generator(3), device);
            Assert.NotEqual(saved.Forward(x).ToDoubleArray(), loaded.Forward(x).ToDoubleArray());
            var report = loaded.Load(File);
            Assert.Equal(saved.Forward(x).ToDoubleArray(), loaded.Forward(x).ToDoubleArray());
            Assert.Empty(report.Missing);
            Assert.Empty(report.Unexpected);
            Assert.All(loaded.Parameters(), parameter => Assert.True(parameter.RequiresGrad));
        }
    }

    [Fact]
    public void Names_in_the_file_are_those_of_PyTorch_and_buffers_are_among_them()
    {
        Network(1).Save(File, new Dictionary<string, string> { ["epoch"] = "12" });
        Assert.Equal(["0.bias", "0.weight", "2.weight"], Safetensors.Load(File).Keys.Order(StringComparer.Ordinal));
        Assert.Equal("12", Safetensors.Metadata(File)["epoch"]);

        var (counting, other) = (new Counting(2), new Counting(2));
        counting.Mean.CopyFrom(Tensor.From([4.0, 5]));
        counting.Save(File);
        other.Load(File);
        Assert.Equal([4f, 5], other.Mean.ToArray());
    }

    [Fact]
    public void A_model_on_one_device_is_loaded_on_another()
    {
        var (saved, loaded) = (Network(1, Device.Reference), Network(2, Device.Cpu));
        saved.Save(File);
        loaded.Load(File);
        Near.Assert(saved.Parameters()[0].ToDoubleArray(), loaded.Parameters()[0].ToDoubleArray(), 1e-7, 0, "weight");
        Assert.Equal(Device.Cpu, loaded.Parameters()[0].Device);
    }

    [Fact]
    public void What_does_not_fit_is_listed_and_nothing_is_changed()
    {
        Safetensors.Save(File, new Dictionary<string, Tensor> { ["0.weight"] = Tensor.Ones(5, 4), ["0.bias"] = Tensor.Ones(5), ["3.weight"] = Tensor.Ones(1) });
        var network = Network(1);
        var before = network.Parameters().Select(parameter => parameter.ToArray()).ToArray();
        var strict = Assert.Throws<InvalidDataException>(() => network.Load(File));
        Assert.Equal("model.safetensors does not fit this Sequential: it lacks 2.weight; it has 3.weight, for which there is no place; shapes differ: 0.weight is 5x4 there and 5x3 here. Build the model as it was when it was saved.", strict.Message);
        var loose = Assert.Throws<InvalidDataException>(() => network.Load(File, strict: false));
        Assert.Equal("model.safetensors does not fit this Sequential: shapes differ: 0.weight is 5x4 there and 5x3 here. Build the model as it was when it was saved.", loose.Message);
        Assert.Equal(before, network.Parameters().Select(parameter => parameter.ToArray()));
    }

    [Fact]
    public void What_has_the_same_name_is_loaded_where_that_is_asked_for_and_the_rest_reported()
    {
        Safetensors.Save(File, new Dictionary<string, Tensor> { ["0.bias"] = Tensor.Ones(5), ["9.weight"] = Tensor.Ones(1) });
        var network = Network(1);
        Assert.Contains("load with strict: false", Assert.Throws<InvalidDataException>(() => network.Load(File)).Message, StringComparison.Ordinal);
        var report = network.Load(File, strict: false);
        Assert.Equal(["0.weight", "2.weight"], report.Missing);
        Assert.Equal(["9.weight"], report.Unexpected);
        Assert.Equal([1f, 1, 1, 1, 1], network.StateDict()["0.bias"].ToArray());
    }

    [Fact]
    public void The_batch_counter_that_PyTorch_saves_is_passed_over()
    {
        var state = new Counting(2).StateDict();
        Safetensors.Save(File, new Dictionary<string, Tensor>(state) { ["num_batches_tracked"] = Tensor.Scalar(7) });
        Assert.Empty(new Counting(2).Load(File).Unexpected);
    }

    [Fact]
    public void Many_missing_names_are_counted_and_not_all_listed()
    {
        var deep = new Sequential([.. Enumerable.Range(0, 10).Select(_ => new Linear(1, 1))]);
        Safetensors.Save(File, new Dictionary<string, Tensor>());
        Assert.Contains("and 12 more", Assert.Throws<InvalidDataException>(() => deep.Load(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_dictionary_in_memory_restores_a_model()
    {
        var network = Network(1);
        var best = network.StateDict().ToDictionary(named => named.Key, named => named.Value.Clone());
        var before = best["0.weight"].ToArray();
        foreach (var parameter in network.Parameters())
            parameter.CopyFrom(Tensor.Zeros(parameter.Shape.AsSpan()));
        network.LoadStateDict(best);
        Assert.Equal(before, network.Parameters()[0].ToArray());
        best.Remove("0.bias");
        Assert.Contains("The state dictionary does not fit this Sequential: it lacks 0.bias", Assert.Throws<InvalidDataException>(() => network.LoadStateDict(best)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_tensors_under_one_name_cannot_be_saved()
    {
        var twice = new Twice();
        Assert.Contains("two tensors under the name a.0.weight", Assert.Throws<InvalidOperationException>(() => twice.Save(File)).Message, StringComparison.Ordinal);
    }

    private sealed class Twice : Module
    {
        public Twice()
        {
            Register("a.0", new Linear(1, 1));
            Register("a", new Sequential(new Linear(1, 1)));
        }
    }
}
