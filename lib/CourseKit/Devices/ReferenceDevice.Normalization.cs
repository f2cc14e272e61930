namespace CourseKit;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    public override void Standardize(StorageView x, StorageView y, StorageView mean, StorageView variance, int outer, int length, int inner, double epsilon)
    {
        var xs = Of(x);
        var ys = Of(y);
        for (var l = 0; l < length; l++)
        {
            var sum = 0.0;
            for (var o = 0; o < outer; o++)
                for (var i = 0; i < inner; i++)
                    sum += xs[(o * length + l) * inner + i];
            var average = sum / (outer * inner);
            var squares = 0.0;
            for (var o = 0; o < outer; o++)
                for (var i = 0; i < inner; i++)
                {
                    var distance = xs[(o * length + l) * inner + i] - average;
                    squares += distance * distance;
                }
            Of(mean)[l] = average;
            Of(variance)[l] = squares / (outer * inner);
            var deviation = Math.Sqrt(Of(variance)[l] + epsilon);
            for (var o = 0; o < outer; o++)
                for (var i = 0; i < inner; i++)
                    ys[(o * length + l) * inner + i] = (xs[(o * length + l) * inner + i] - average) / deviation;
        }
    }

    /// <inheritdoc/>
    public override void StandardizeBackward(StorageView y, StorageView variance, StorageView dy, StorageView dx, int outer, int length, int inner, double epsilon, bool accumulate)
    {
        var ys = Of(y);
        var dys = Of(dy);
        var dxs = Of(dx);
        for (var l = 0; l < length; l++)
        {
            double sum = 0, sumWithY = 0;
            for (var o = 0; o < outer; o++)
                for (var i = 0; i < inner; i++)
                {
                    var at = (o * length + l) * inner + i;
                    sum += dys[at];
                    sumWithY += dys[at] * ys[at];
                }
            var deviation = Math.Sqrt(Of(variance)[l] + epsilon);
            for (var o = 0; o < outer; o++)
                for (var i = 0; i < inner; i++)
                {
                    var at = (o * length + l) * inner + i;
                    var gradient = (dys[at] - sum / (outer * inner) - ys[at] * sumWithY / (outer * inner)) / deviation;
                    dxs[at] = gradient + (accumulate ? dxs[at] : 0);
                }
        }
    }
}
