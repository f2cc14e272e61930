namespace CourseKit;

/// <summary>Ways to draw a layer's first weights. A weight matrix is outputs x inputs, as <see cref="Linear"/> holds it.</summary>
public static class Initialize
{
    /// <summary>Evenly in plus or minus sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010): for tanh and sigmoid.</summary>
    public static void XavierUniform(Tensor weight, Generator? generator = null)
    {
        var (inputs, outputs) = Fan(weight);
        Uniform(weight, Math.Sqrt(6.0 / (inputs + outputs)), generator);
    }

    /// <summary>Normal with variance 2 / inputs (He, Zhang, Ren, Sun 2015): for ReLU.</summary>
    public static void KaimingNormal(Tensor weight, Generator? generator = null)
        => Normal(weight, Math.Sqrt(2.0 / Fan(weight).Inputs), generator);

    /// <summary>Evenly in plus or minus <paramref name="bound"/>.</summary>
    public static void Uniform(Tensor weight, double bound, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        weight.CopyFrom(Tensor.Uniform(weight.Shape, -bound, bound, generator, weight.Device));
    }

    /// <summary>Normal with mean 0.</summary>
    public static void Normal(Tensor weight, double standardDeviation, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        weight.CopyFrom(Tensor.Normal(weight.Shape, 0, standardDeviation, generator, weight.Device));
    }

    /// <summary>One value everywhere.</summary>
    public static void Constant(Tensor weight, double value)
    {
        ArgumentNullException.ThrowIfNull(weight);
        weight.CopyFrom(Tensor.Full(weight.Shape, value, weight.Device));
    }

    private static (int Inputs, int Outputs) Fan(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ShapeCheck.Matrix("This initialization", weight.Shape);
        return (weight.Shape[1], weight.Shape[0]);
    }
}
