namespace NextItem;

/// <summary>What one subnet of a p-RNN has otherwise than the rest. Immutable.</summary>
/// <param name="Name"><c>id</c>, or the name of a block of features; <c>concatenated</c> for the one of that architecture.</param>
/// <param name="Units">Hidden units. Default null: as many as <see cref="Gru4RecOptions.Layers"/> says.</param>
/// <param name="DropoutHidden">Dropout of the hidden state while the subnet is trained. Default null: <see cref="Gru4RecOptions.DropoutHidden"/>.</param>
/// <param name="LearningRate">Learning rate. Default null: <see cref="Gru4RecOptions.LearningRate"/>.</param>
/// <param name="Epochs">Epochs in which the subnet is trained, under alternating and residual training. Default null: <see cref="Gru4RecOptions.Epochs"/>.</param>
/// <param name="Weight">The weight w of its scores, fixed. Default 1.</param>
public sealed record SubnetOptions(string Name, int? Units = null, float? DropoutHidden = null, float? LearningRate = null, int? Epochs = null, float Weight = 1);
