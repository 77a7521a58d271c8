namespace NextItem.Preparation;

/// <summary>What is there after a step.</summary>
/// <param name="Step">The step: the name of its SQL file.</param>
/// <param name="Table">What is counted: <c>events</c>, or after the split one of the sets.</param>
/// <param name="Events">Number of events.</param>
/// <param name="Sessions">Number of sessions; before sessions are built, of their owners.</param>
/// <param name="Items">Number of different items.</param>
/// <param name="FirstTime">Time of the first event, in Unix seconds; null where there is none.</param>
/// <param name="LastTime">Time of the last event.</param>
public sealed record StepCount(string Step, string Table, long Events, long Sessions, long Items, double? FirstTime, double? LastTime);
