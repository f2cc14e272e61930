namespace CourseKit;

/// <summary>Changes parameters by their gradients. <c>ZeroGrad</c>, the loss's <c>Backward</c>, then <c>Step</c>: one step of training.</summary>
public abstract class Optimizer
{
    /// <summary>An optimizer of these parameters.</summary>
    /// <exception cref="ArgumentException">There is no parameter, or one does not require a gradient.</exception>
    protected Optimizer(IReadOnlyList<Tensor> parameters, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count == 0)
            throw new ArgumentException("There is nothing to optimize: the list of parameters is empty. Pass model.Parameters().");
        foreach (var parameter in parameters)
            if (!parameter.RequiresGrad)
                throw new ArgumentException($"A parameter of shape {parameter.Shape} does not require a gradient: set RequiresGrad = true on it first.");
        Parameters = parameters;
        LearningRate = learningRate;
    }

    /// <summary>What is optimized.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>The step size. Change it between steps for a schedule.</summary>
    public double LearningRate { get; set; }

    /// <summary>Forgets the gradients of the last step.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Parameters)
            parameter.ZeroGrad();
    }

    /// <summary>Changes every parameter that has a gradient.</summary>
    public void Step()
    {
        for (var i = 0; i < Parameters.Count; i++)
            if (Parameters[i].GradUnseen is { } gradient)
                Update(i, Parameters[i], gradient);
    }

    /// <summary>Changes one parameter; the index names its state.</summary>
    private protected abstract void Update(int index, Tensor parameter, Tensor gradient);
}
