namespace CourseKit.Charts;

/// <summary>The part of a rectangle where w1 x + w2 y + bias is at least 0, and the line that bounds it.</summary>
internal sealed record HalfPlane(IReadOnlyList<(double X, double Y)> Area, IReadOnlyList<(double X, double Y)> Boundary)
{
    public static HalfPlane In((double From, double To) x, (double From, double To) y, double w1, double w2, double bias)
    {
        (double X, double Y)[] corners = [(x.From, y.From), (x.To, y.From), (x.To, y.To), (x.From, y.To)];
        var area = new List<(double X, double Y)>();
        var boundary = new List<(double X, double Y)>();
        // Around the rectangle: keep the corners on the right side, and the points where an edge crosses the line.
        for (int i = 0; i < corners.Length; i++)
        {
            (double X, double Y) here = corners[i], next = corners[(i + 1) % corners.Length];
            double valueHere = (w1 * here.X) + (w2 * here.Y) + bias;
            double valueNext = (w1 * next.X) + (w2 * next.Y) + bias;
            if (valueHere >= 0)
                area.Add(here);
            if (valueHere >= 0 != valueNext >= 0)
            {
                double way = valueHere / (valueHere - valueNext);
                (double, double) crossing = (here.X + (way * (next.X - here.X)), here.Y + (way * (next.Y - here.Y)));
                area.Add(crossing);
                boundary.Add(crossing);
            }
        }
        if (area.Count > 0)
            area.Add(area[0]);
        return new HalfPlane(area, boundary);
    }
}
