using System.Runtime.CompilerServices;

namespace CourseKit;

/// <summary>One number for each axis, kept inside a plan: planning a walk allocates nothing.</summary>
[InlineArray(Shape.MaximumRank)]
internal struct AxisNumbers
{
    private int first;
}
