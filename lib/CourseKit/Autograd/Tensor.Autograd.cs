namespace CourseKit;

public sealed partial class Tensor
{
    private TapeNode? node;
    private Tensor? grad;
    private bool gradSeen;
    private bool requiresGrad;
    private bool retainsGrad;

    /// <summary>Whether gradients flow to this tensor: set it on a leaf (a parameter); a result has it when one of its operands has.</summary>
    /// <exception cref="InvalidOperationException">Set to false on the result of an operation: use <see cref="Detach"/>.</exception>
    public bool RequiresGrad
    {
        get => requiresGrad;
        set
        {
            if (node is not null && !value)
                throw new InvalidOperationException("This tensor is the result of an operation; take Detach() of it to stop gradients there.");
            requiresGrad = value;
            if (value && node is null)
                Keep(); // a parameter outlives the scope it was made in
        }
    }

    /// <summary>
    /// The gradient that <see cref="Backward()"/> left here, or null before it and after <see cref="ZeroGrad"/>. Only leaves
    /// keep theirs, and results that were told to (<see cref="RetainGrad"/>). What you keep in a variable stays what it was: the next backward pass makes a new one.
    /// </summary>
    public Tensor? Grad
    {
        get
        {
            gradSeen = true;
            return grad;
        }
    }

    /// <summary>The gradient for the kit's own eyes: an optimizer that looks does not keep.</summary>
    internal Tensor? GradUnseen => grad;

    /// <summary>Forgets the gradient, so that the next backward pass starts anew instead of adding to it.</summary>
    public void ZeroGrad()
    {
        // Nobody else holds it: the block serves the next step.
        if (grad is not null && !gradSeen)
            grad.Release();
        grad = null;
        gradSeen = false;
    }

    /// <summary>Makes the result of an operation keep its gradient, to look at what flows back through the middle of a computation. Call it before <see cref="Backward()"/>.</summary>
    /// <returns>This tensor.</returns>
    public Tensor RetainGrad()
    {
        retainsGrad = true;
        return this;
    }

    /// <summary>Whether an operation on these operands must be recorded.</summary>
    internal static bool Records(Tensor a) => a.requiresGrad && NoGrad.IsRecording;

    /// <inheritdoc cref="Records(Tensor)"/>
    internal static bool Records(Tensor a, Tensor b) => (a.requiresGrad || b.requiresGrad) && NoGrad.IsRecording;

    /// <inheritdoc cref="Records(Tensor)"/>
    internal static bool Records(params ReadOnlySpan<Tensor> operands)
    {
        foreach (var operand in operands)
            if (Records(operand))
                return true;
        return false;
    }

    /// <summary>Writes the operation that made this tensor on the tape.</summary>
    /// <param name="backward">Hands the gradient of this tensor on to its operands through <see cref="GradTarget"/>.</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand, if there is one.</param>
    internal Tensor Record(Action<Tensor> backward, Tensor a, Tensor? b = null)
    {
        requiresGrad = true;
        node = new TapeNode(backward, this, a, b, more: null);
        return this;
    }

    /// <inheritdoc cref="Record(Action{Tensor}, Tensor, Tensor?)"/>
    internal Tensor Record(Action<Tensor> backward, params Tensor[] operands)
    {
        requiresGrad = true;
        node = new TapeNode(backward, this, operands[0], operands.Length > 1 ? operands[1] : null, operands.Length > 2 ? operands[2..] : null);
        return this;
    }

    /// <summary>Where an operation writes its operand's gradient, and whether it adds to what another operation left there.</summary>
    internal StorageView GradTarget(out bool accumulate)
    {
        accumulate = grad is not null;
        if (grad is null || gradSeen)
        {
            // A gradient that somebody looked at is theirs and stays what it was: this pass adds to a copy of it.
            var fresh = EmptyOutsideScopes(Shape, Device);
            if (grad is not null)
                Device.Copy(grad.View, fresh.View, accumulate: false);
            (grad, gradSeen) = (fresh, false);
        }
        return grad.View;
    }

    /// <summary>
    /// Hands a result's whole gradient on to an operand of as many numbers, as it is. Where the operand has none yet, it takes the
    /// memory over, which saves a copy: so this comes last, after everything else that reads the result's gradient.
    /// </summary>
    internal void HandGradTo(Tensor operand)
    {
        if (operand.grad is null && !retainsGrad)
        {
            operand.grad = grad!.Shape.Equals(operand.Shape) ? grad : grad.ViewAs(operand.Shape);
            (operand.gradSeen, grad) = (false, null);
        }
        else
            Device.Copy(grad!.View, operand.GradTarget(out var accumulate), accumulate);
    }

    /// <summary>
    /// Walks the tape backwards from this loss and leaves in <see cref="Grad"/> of every leaf the derivative of the loss by it,
    /// added to what is there. The tape is used up.
    /// </summary>
    /// <exception cref="ShapeException">This is not a single number.</exception>
    /// <exception cref="InvalidOperationException">Nothing here requires a gradient, or the tape was used already.</exception>
    public void Backward()
    {
        ShapeCheck.SingleNumber("Backward", Shape);
        Backward(Full(Shape, 1, Device));
    }

    /// <summary>Backpropagates a given gradient of some scalar by this tensor: the vector-Jacobian product.</summary>
    /// <exception cref="ShapeException">The gradient has another shape.</exception>
    /// <exception cref="InvalidOperationException">Nothing here requires a gradient, the gradient is on another device, or the tape was used already.</exception>
    public void Backward(Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ShapeCheck.Gradient(Shape, gradient.Shape);
        SameDevice("Backward", this, gradient);
        if (!requiresGrad)
            throw new InvalidOperationException("Backward found no tensor that requires a gradient: set RequiresGrad on the parameters before computing the loss, and compute it outside NoGrad.");
        Device.Copy(gradient.View, GradTarget(out var accumulate), accumulate);
        Tape.Walk(this);
    }

    internal TapeNode? Node => node;

    /// <summary>Gives an intermediate's gradient back once it has been handed on: only leaves keep theirs.</summary>
    internal void DropIntermediateGrad()
    {
        if (retainsGrad)
            return;
        grad?.Release();
        grad = null;
    }
}
