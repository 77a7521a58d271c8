namespace NextItem.Models.Gru4Rec;

/// <summary>Neighbouring rows of one step of the window that take part in it: what sums over lanes and time run over.</summary>
/// <param name="Step">The step, 0 the oldest.</param>
/// <param name="Start">The first row.</param>
/// <param name="Count">How many.</param>
internal readonly record struct WindowSegment(int Step, int Start, int Count);
