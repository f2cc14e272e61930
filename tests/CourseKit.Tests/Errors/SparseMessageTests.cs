namespace CourseKit.Tests;

/// <summary>What sparse matrices, tomography, graphs and second derivatives say when they are used wrongly.</summary>
public class SparseMessageTests
{
    private static readonly SparseMatrix Wide = SparseMatrix.From(2, 3, [(0, 0, 1)]);
    private static readonly RadonTransform Radon = new(4, 3, detectors: 6);
    private static readonly Graph Path = new(3, [(0, 1), (1, 2)]);

    /// <summary>What goes wrong, the mistake itself, the kind of error, and what its sentence must hold.</summary>
    private static readonly Dictionary<string, (Action Mistake, Type Error, string[] Parts)> Mistakes = new()
    {
        ["a negative size"] = (() => SparseMatrix.From(-1, 3, []), typeof(ArgumentOutOfRangeException), ["-1 rows and 3 columns", "negative"]),
        ["a place outside"] = (() => SparseMatrix.From(2, 3, [(0, 3, 1)]), typeof(ArgumentOutOfRangeException), ["Row 0, column 3", "2 rows and 3 columns", "counted from 0"]),
        ["a look outside"] = (() => _ = Wide[2, 0], typeof(ArgumentOutOfRangeException), ["Row 2, column 0", "2 rows and 3 columns"]),
        ["a number that is none"] = (() => SparseMatrix.From(2, 3, [(1, 2, double.NaN)]), typeof(ArgumentException), ["NaN in row 1, column 2", "finite"]),
        ["a sparse matrix too large to fill"] = (() => SparseMatrix.From(100_000, 100_000, []).ToDense(), typeof(InvalidOperationException), ["100000 x 100000 = 10000000000 numbers", "MatMul"]),
        ["a product with too few rows"] = (() => Wide.MatMul(Tensor.Zeros(2, 5)), typeof(ShapeException), ["2x3", "2x5", "3 columns", "2 rows"]),
        ["a product with features in rows"] = (() => Wide.MatMul(Tensor.Zeros(7, 3)), typeof(ShapeException), ["7x3", "x.MatMul(matrix, transposeRight: true)"]),
        ["a product with a scalar"] = (() => Wide.MatMul(Tensor.Scalar(1)), typeof(ShapeException), ["scalar", "no rows"]),
        ["a product from the right that wants the transpose"] = (() => Tensor.Zeros(7, 3).MatMul(Wide), typeof(ShapeException), ["7x3", "2x3", "3 columns", "2 rows", "transposeRight"]),
        ["a product from the right with images"] = (() => Tensor.Zeros(7, 2, 3).MatMul(SparseMatrix.From(6, 4, [])), typeof(ShapeException), ["7x2x3", "6x4", "flatten the images first, x.Reshape(x.Shape[0], -1)"]),
        ["IndexAdd of other rows"] = (() => Tensor.Zeros(4, 3).IndexAdd(0, IntTensor.From([0]), Tensor.Zeros(1, 2)), typeof(ShapeException), ["IndexAdd", "1x2", "4x3", "axis 0"]),
        ["IndexAdd of too few indices"] = (() => Tensor.Zeros(4, 3).IndexAdd(0, IntTensor.From([0]), Tensor.Zeros(2, 3)), typeof(ShapeException), ["IndexAdd", "1 indices for the 2 slices"]),
        ["IndexAdd to a row that is not there"] = (() => Tensor.Zeros(4, 3).IndexAdd(0, IntTensor.From([4]), Tensor.Zeros(1, 3)), typeof(ShapeException), ["IndexAdd", "4", "4x3"]),
        ["a tomograph without pixels"] = (() => _ = new RadonTransform(0, 3), typeof(ArgumentOutOfRangeException), ["0 x 0 pixels"]),
        ["detectors without width"] = (() => _ = new RadonTransform(4, 3, 6, spacing: 0), typeof(ArgumentOutOfRangeException), ["6 detectors of width 0"]),
        ["no view"] = (() => _ = new RadonTransform(4, 0), typeof(ArgumentOutOfRangeException), ["views"]),
        ["no angle"] = (() => _ = new RadonTransform(4, []), typeof(ArgumentException), ["no angle", "in degrees"]),
        ["an angle that is none"] = (() => _ = new RadonTransform(4, [double.NaN]), typeof(ArgumentException), ["angle NaN"]),
        ["an image of another size"] = (() => Radon.Forward(Tensor.Zeros(5, 5)), typeof(ShapeException), ["RadonTransform wants images of shape 4x4", "got 5x5"]),
        ["a flattened image"] = (() => Radon.Forward(Tensor.Zeros(16)), typeof(ShapeException), ["got 16", "reshape it to 4x4"]),
        ["a transposed sinogram"] = (() => Radon.BackProjection(Tensor.Zeros(6, 3)), typeof(ShapeException), ["BackProjection wants sinograms of shape 3x6", "got 6x3", "views come first"]),
        ["a sinogram of other views"] = (() => Radon.FilteredBackProjection(Tensor.Zeros(2, 6)), typeof(ShapeException), ["FilteredBackProjection", "3x6", "2x6"]),
        ["an edge to nowhere"] = (() => _ = new Graph(3, [(0, 3)]), typeof(ArgumentOutOfRangeException), ["edge from 0 to 3", "nodes 0 to 2", "counted from 0"]),
        ["an edge of no graph"] = (() => _ = new Graph(0, [(0, 0)]), typeof(ArgumentOutOfRangeException), ["no nodes"]),
        ["a negative weight"] = (() => _ = new Graph(3, [(0, 1)], weights: [-1]), typeof(ArgumentOutOfRangeException), ["edge from 0 to 1", "-1", "at least 0"]),
        ["an edge with two weights"] = (() => _ = new Graph(3, [(0, 1), (1, 0)], weights: [1, 2]), typeof(ArgumentException), ["edge from 1 to 0", "weight 1 and again with 2"]),
        ["too few weights"] = (() => _ = new Graph(3, [(0, 1), (1, 2)], weights: [1]), typeof(ArgumentException), ["1 weights", "2 edges"]),
        ["neighbours of nobody"] = (() => _ = Path.Neighbours(3).Length, typeof(ArgumentOutOfRangeException), ["Node 3", "nodes 0 to 2"]),
        ["features of fewer nodes"] = (() => new GraphConv(4, 2).Forward(Tensor.Zeros(2, 4), Path), typeof(ShapeException), ["GraphConv(4 -> 2)", "2x4", "3 nodes", "Graph.Batch"]),
        ["transposed features"] = (() => new GraphAttention(4, 2).Forward(Tensor.Zeros(4, 3), Path), typeof(ShapeException), ["GraphAttention(4 -> 2)", "4x3", "transposed"]),
        ["a layer for other features"] = (() => new GraphConv(4, 2).Forward(Tensor.Zeros(3, 5), Path), typeof(ShapeException), ["3x5", "another number of features"]),
        ["a readout of fewer nodes"] = (() => Readout.Mean(Tensor.Zeros(2, 4), Path), typeof(ShapeException), ["Readout", "2x4", "3xfeatures"]),
        ["a Hessian of too many inputs"] = (() => Hessian.Of(x => x.Sum(), Tensor.Zeros(2001)), typeof(ArgumentException), ["2001 inputs", "4002 backward passes", "2000"]),
        ["a Hessian of too many parameters"] = (() => Hessian.Of(new Linear(100, 30), () => Tensor.Scalar(1)), typeof(ArgumentException), ["3030 inputs"]),
        ["a Hessian of several results"] = (() => Hessian.Of(x => x, Tensor.Zeros(2)), typeof(ShapeException), ["Hessian", "single number", "2"]),
        ["a Hessian in single precision"] = (() => Hessian.Of(new Linear(2, 1, device: Device.Cpu), () => Tensor.Scalar(1)), typeof(ArgumentException), ["Hessian", "Linear on cpu", "To(Device.Reference)"]),
        ["a check in single precision"] = (() => GradientCheck.Compare(new Linear(2, 1, device: Device.Cpu), () => Tensor.Scalar(1)), typeof(ArgumentException), ["GradientCheck", "Linear on cpu"]),
        ["parameters of a module without any"] = (() => ParameterVector.Of(new ReLU()), typeof(ArgumentException), ["ReLU has no parameter"]),
        ["a vector of other parameters"] = (() => ParameterVector.Set(new Linear(2, 1), Tensor.Zeros(4)), typeof(ShapeException), ["shape 4 for 3 parameters"]),
        ["eigenvalues of a table"] = (() => Hessian.Eigenvalues(Tensor.Zeros(2, 3)), typeof(ShapeException), ["square matrix", "2x3"]),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_message_names_what_came_and_what_to_do(string name)
    {
        var (mistake, kind, parts) = Mistakes[name];
        var error = Assert.Throws(kind, mistake);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
