using System.Collections.Immutable;

namespace NextItem;

/// <summary>When a hyperparameter is searched at all: where another one, a choice, has one of these values.</summary>
/// <param name="Parameter">The other one's name; it stands before in the space.</param>
/// <param name="Values">Those of its values with which this one matters.</param>
public sealed record SearchCondition(string Parameter, ImmutableArray<string> Values);
