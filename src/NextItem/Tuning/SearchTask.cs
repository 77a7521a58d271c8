using System.Collections.Immutable;

namespace NextItem;

/// <summary>What is to be done next: a trial is trained to a number of epochs, from where it stands.</summary>
/// <param name="Trial">The trial's number, from 0.</param>
/// <param name="Point">Its settings, a point of the space.</param>
/// <param name="Rung">Which comparison the training leads to, from 0.</param>
/// <param name="Epochs">Epochs of the trial when the task is done, those before it included.</param>
public sealed record SearchTask(int Trial, ImmutableArray<double> Point, int Rung, int Epochs);
