namespace CourseKit;

/// <summary>
/// Changes parameters by their gradients. <c>ZeroGrad</c>, the loss's <c>Backward</c>, then <c>Step</c>: one step of training.
/// A gradient that is not a number is passed on, as in PyTorch: the parameter becomes NaN, and the training loop says so.
/// </summary>
public abstract class Optimizer
{
    private readonly Slot[] slots; // one for each parameter, in the order of Parameters
    private readonly string?[] stateNames;
    private readonly double initialState;

    /// <summary>Takes the groups over.</summary>
    /// <param name="groups">What is optimized.</param>
    /// <param name="learningRate">The rate of groups that have none of their own.</param>
    /// <param name="weightDecay">The decay of groups that have none of their own.</param>
    /// <param name="stateNames">PyTorch's names of what is remembered for each parameter, at most three; null for what these options do not need.</param>
    /// <param name="initialState">What the remembered numbers begin with.</param>
    private protected Optimizer(IReadOnlyList<ParameterGroup> groups, double learningRate, double weightDecay, string?[] stateNames, double initialState = 0)
    {
        ArgumentNullException.ThrowIfNull(groups);
        OptimizerCheck.LearningRate(Name, learningRate);
        ArgumentCheck.NotNegative(Name, "weight decay", weightDecay);
        OptimizerCheck.Parameters(Name, groups);
        foreach (var group in groups)
            group.Join(Name, learningRate, weightDecay);
        (Groups, this.stateNames, this.initialState) = (groups, stateNames, initialState);
        slots = [.. groups.SelectMany(group => group.Parameters, (group, parameter) => new Slot(group, parameter))];
        Parameters = [.. slots.Select(slot => slot.Parameter)];
    }

    private protected string Name => GetType().Name;

    /// <summary>What is optimized, of all groups.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>What is optimized alike, each with its own rate and decay; one group where the optimizer was made of a list of parameters.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>The step size of the first group. Set, it is given to every group: change rates of single groups through <see cref="Groups"/>.</summary>
    /// <exception cref="ArgumentException">Negative, or not a finite number.</exception>
    public double LearningRate
    {
        get => Groups[0].LearningRate;
        set
        {
            OptimizerCheck.LearningRate(Name, value);
            foreach (var group in Groups)
                group.LearningRate = value;
        }
    }

    /// <summary>Forgets the gradients of the last step.</summary>
    public void ZeroGrad()
    {
        foreach (var slot in slots)
            slot.Parameter.ZeroGrad();
    }

    /// <summary>Changes every parameter that has a gradient. A parameter without one stays as it is, and so does what is remembered of it: as in PyTorch, a forgotten <c>Backward</c> is not noticed, and nothing changes.</summary>
    /// <exception cref="InvalidOperationException">A parameter was moved to another device after its first step.</exception>
    public void Step()
    {
        foreach (var slot in slots)
        {
            if (slot.Parameter.GradUnseen is not { } gradient)
                continue;
            slot.State ??= NewState(slot.Parameter);
            foreach (var tensor in slot.State)
                OptimizerCheck.SameDevice(Name, slot.Parameter, tensor);
            slot.Steps++;
            Update(slot.Group, slot.Steps, slot.Parameter, gradient, new(View(slot, 0), View(slot, 1), View(slot, 2)));
        }
    }

    /// <summary>Changes one parameter.</summary>
    /// <param name="group">Its rate and decay.</param>
    /// <param name="step">How many steps it has made, with this one.</param>
    /// <param name="parameter">What changes.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="state">What is remembered of it.</param>
    private protected abstract void Update(ParameterGroup group, long step, Tensor parameter, Tensor gradient, in UpdateState<StorageView> state);

    /// <summary>
    /// Copies of everything the optimizer would need to go on as if it had never stopped: what it remembers of each parameter
    /// (state.0.exp_avg, by PyTorch's names), how many steps each has made (state.0.step), and the groups' rates and decays
    /// (groups.0.lr). Rates and counts are on the reference device: in double precision they come back to the bit.
    /// </summary>
    public Dictionary<string, Tensor> StateDict()
    {
        var state = new Dictionary<string, Tensor>();
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i].State is not { } tensors)
                continue;
            for (var j = 0; j < stateNames.Length; j++)
                if (stateNames[j] is { } name)
                    state[$"state.{i}.{name}"] = tensors[j]!.Clone().Keep();
            state[$"state.{i}.step"] = Number(slots[i].Steps);
        }
        for (var i = 0; i < Groups.Count; i++)
        {
            state[$"groups.{i}.lr"] = Number(Groups[i].LearningRate);
            state[$"groups.{i}.weight_decay"] = Number(Groups[i].WeightDecay);
        }
        return state;
    }

    /// <summary>Restores what <see cref="StateDict"/> gave. Restore the parameters too, and training goes on with the same bits.</summary>
    /// <exception cref="ArgumentException">The state is of another optimizer, of other options, or of other parameters. Nothing was changed.</exception>
    /// <exception cref="ShapeException">A part of the state has not its parameter's shape. Nothing was changed.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var known = new HashSet<string>();
        var steps = new long[slots.Length];
        // All is read and checked before anything is changed.
        for (var i = 0; i < slots.Length; i++)
        {
            if (!state.ContainsKey($"state.{i}.step"))
                continue; // a parameter that had not made a step
            steps[i] = (long)Count($"state.{i}.step");
            foreach (var name in stateNames.OfType<string>())
                ShapeCheck.OptimizerState(Name, $"state.{i}.{name}", slots[i].Parameter.Shape, Entry($"state.{i}.{name}").Shape);
        }
        var groups = Groups.Select((_, i) => (
            Rate: OptimizerCheck.LearningRate(Name, Entry($"groups.{i}.lr").Item()),
            Decay: ArgumentCheck.NotNegative(Name, "weight decay", Entry($"groups.{i}.weight_decay").Item()))).ToArray();
        OptimizerCheck.StateNames(Name, state.Keys.Except(known));

        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i];
            slot.Steps = steps[i];
            slot.State = state.ContainsKey($"state.{i}.step") ? NewState(slot.Parameter) : null;
            for (var j = 0; j < stateNames.Length && slot.State is not null; j++)
                slot.State[j]?.CopyFrom(state[$"state.{i}.{stateNames[j]}"]);
        }
        for (var i = 0; i < groups.Length; i++)
            (Groups[i].LearningRate, Groups[i].WeightDecay) = groups[i];

        Tensor Entry(string name)
        {
            known.Add(name);
            return OptimizerCheck.StateEntry(Name, state, name);
        }

        double Count(string name)
        {
            var count = Entry(name).Item();
            OptimizerCheck.StateCount(Name, name, count);
            return count;
        }
    }

    private Tensor?[] NewState(Tensor parameter)
    {
        var tensors = new Tensor?[stateNames.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            if (stateNames[i] is null)
                continue;
            var tensor = Tensor.EmptyOutsideScopes(parameter.Shape, parameter.Device);
            parameter.Device.Fill(tensor.View, initialState);
            tensors[i] = tensor;
        }
        return tensors;
    }

    private static StorageView View(Slot slot, int index) => index < slot.State!.Length && slot.State[index] is { } tensor ? tensor.View : default;

    private static Tensor Number(double value) => Tensor.Scalar(value, Device.Reference).Keep();

    /// <summary>A parameter and what is remembered of it.</summary>
    private sealed class Slot(ParameterGroup group, Tensor parameter)
    {
        public ParameterGroup Group { get; } = group;
        public Tensor Parameter { get; } = parameter;
        public Tensor?[]? State { get; set; }
        public long Steps { get; set; }
    }
}
