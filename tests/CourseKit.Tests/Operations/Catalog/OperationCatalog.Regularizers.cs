namespace CourseKit.Tests;

internal static partial class OperationCatalog
{
    private static IEnumerable<Operation> Regularizers() =>
    [
        Unary("L1 penalty", "", x => Penalties.L1([x], 0.3), Values.AwayFromZero, n => [3, n]),
        Unary("L2 penalty", "", x => Penalties.L2([x], 0.3), shape: n => [3, n]),
        new("elastic net of two weights", "", x => Penalties.ElasticNet(x, 0.3, 0.7), [new(n => [3, n], Values.AwayFromZero), new(n => [n], Values.AwayFromZero)]),
        Unary("isotropic total variation of wide images", "", x => TotalVariation.Isotropic(x, 0.01), shape: n => [2, 3, 4, n]),
        Unary("isotropic total variation of tall images", "", x => TotalVariation.Isotropic(x, 0.01), shape: n => [2, n, 3]),
        Unary("isotropic total variation of many images", "", x => TotalVariation.Isotropic(x, 0.01), shape: n => [n, 1, 3, 3]),
        Unary("isotropic total variation without rounding", "", x => TotalVariation.Isotropic(x, 0), shape: n => [2, n]),
        Unary("anisotropic total variation of wide images", "", x => TotalVariation.Anisotropic(x, 0.01), shape: n => [2, 3, 4, n]),
        Unary("anisotropic total variation of tall images", "", x => TotalVariation.Anisotropic(x, 0.01), shape: n => [2, n, 3]),
        Unary("anisotropic total variation without rounding", "", x => TotalVariation.Anisotropic(x, 0), shape: n => [2, n]),
    ];
}
