namespace NextItem;

/// <summary>How a recommender works.</summary>
public sealed record RecommenderOptions
{
    /// <summary>When the model's index is built (<see cref="Gru4RecModel.BuildIndex()"/>); the answers do not depend on it. Default: on first use.</summary>
    public IndexBuilding Index { get; init; } = IndexBuilding.OnFirstUse;

    /// <summary>Checks every option.</summary>
    /// <exception cref="OptionsException">At least one is out of range.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Index))
            throw new OptionsException(nameof(RecommenderOptions), [$"Index is {Index}; expected OnFirstUse, AtOnce or Never."]);
    }
}
