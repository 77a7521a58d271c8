namespace NextItem;

/// <summary>A run cannot begin where it was told: a checkpoint of other data or options, a model of another shape, a teacher that does not go with it.</summary>
/// <param name="message">What was found and what was expected.</param>
public sealed class TrainingStartException(string message) : Exception(message)
{
    /// <summary>Which of <see cref="TrainingContext.Teachers"/> it is about, counted from 0; null where it is about none of them. The message counts from 1.</summary>
    public int? TeacherIndex { get; init; }
}
