namespace CourseKit;

/// <summary>Placeholder until the file format is here.</summary>
public sealed class Checkpoint : TrainingCallback
{
}
/// <summary>Placeholder until the optimizers are here.</summary>
public sealed class ClipGradients : TrainingCallback
{
}
