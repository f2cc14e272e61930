namespace CourseKit;

/// <summary>Where the small number stands that keeps an adaptive step from dividing by 0.</summary>
public enum EpsilonPlacement
{
    /// <summary>g / (sqrt(s) + epsilon), as in PyTorch and in the papers on Adam and AdaGrad.</summary>
    OutsideRoot,

    /// <summary>g / sqrt(s + epsilon), as the lecture writes AdaGrad and RMSProp. For a like effect near 0 it must be the square of the other one: 1e-16 instead of 1e-8.</summary>
    InsideRoot,
}
