namespace NextItem.Preparation;

/// <summary>How far a preparation is.</summary>
/// <param name="Step">The step that runs, for instance <c>05-collapse-repeats</c>.</param>
/// <param name="StepNumber">Its number in this run, from 1.</param>
/// <param name="StepCount">How many steps there will be at least: rounds of filters add some.</param>
/// <param name="Fraction">Which part of the step is done, from 0 to 1, or less than 0 where that is not known.</param>
public sealed record PreparationProgress(string Step, int StepNumber, int StepCount, double Fraction);
