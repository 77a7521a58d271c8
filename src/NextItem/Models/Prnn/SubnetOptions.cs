namespace NextItem;

/// <summary>What one subnet of a p-RNN has otherwise than the rest. Immutable.</summary>
/// <param name="Name"><c>id</c>, or the name of a block of features; <c>concatenated</c> for the one of that architecture.</param>
public sealed record SubnetOptions(string Name)
{
    /// <summary>Hidden units. Default null: as many as <see cref="Gru4RecOptions.Layers"/> says.</summary>
    public int? Units { get; init; }

    /// <summary>Dropout of the hidden state while the subnet is trained. Default null: <see cref="Gru4RecOptions.DropoutHidden"/>.</summary>
    public float? DropoutHidden { get; init; }

    /// <summary>Learning rate. Default null: <see cref="Gru4RecOptions.LearningRate"/>.</summary>
    public float? LearningRate { get; init; }

    /// <summary>Epochs in which the subnet is trained, under alternating and residual training. Default null: <see cref="Gru4RecOptions.Epochs"/>.</summary>
    public int? Epochs { get; init; }

    /// <summary>The weight w of its scores, fixed. Default 1.</summary>
    public float Weight { get; init; } = 1;
}
