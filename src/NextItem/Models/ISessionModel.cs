namespace NextItem;

/// <summary>
/// A trained model that scores the next item of a session: the one seam between models and everything that uses them.
/// Evaluation, recommending and serving know nothing else of a model. Immutable and safe to share between threads.
/// </summary>
public interface ISessionModel
{
    /// <summary>The name of the algorithm as the command line has it, for instance <c>gru4rec</c>, <c>pop</c>, <c>markov</c>.</summary>
    string Algorithm { get; }

    /// <summary>The items that the model can recommend.</summary>
    ItemCatalog Catalog { get; }

    /// <summary>Opens lanes, each of which follows one live session from its start.</summary>
    /// <param name="lanes">Number of lanes, B, at least 1.</param>
    SessionLanes Open(int lanes);
}
