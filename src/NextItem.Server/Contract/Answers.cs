using NextItem.Hosting;

namespace NextItem.Server.Contract;

/// <summary>Recommendations for one session.</summary>
internal sealed record RecommendationsAnswer(
    string RecommendationId, ModelAnswer Model, IReadOnlyList<RecommendedItem> Items, IReadOnlyList<string> UnknownItems, string Fallback);

/// <summary>Which model answered; without a time where it is not known, as of imported weights.</summary>
internal sealed record ModelAnswer(string Version, string Variant, string? TrainedUntil);

/// <summary>One recommended item; one that a rule has put there has no score.</summary>
internal sealed record RecommendedItem(string ItemId, double? Score, string Source, string? Title, IReadOnlyList<BecauseAnswer>? Because);

/// <summary>An item of the session, and its share in a recommendation.</summary>
internal sealed record BecauseAnswer(string ItemId, double Weight);

/// <summary>What became of events.</summary>
/// <param name="Accepted">Stored now.</param>
/// <param name="Repeated">Stored before under the same <c>eventId</c>; they changed nothing.</param>
/// <param name="Rejected">Not stored.</param>
internal sealed record EventsAnswer(int Accepted, int Repeated, IReadOnlyList<RejectedEvent> Rejected);

/// <summary>An event that was not stored.</summary>
internal sealed record RejectedEvent(int Index, string Code, string Detail);

/// <summary>Items like one item.</summary>
internal sealed record SimilarAnswer(string ItemId, ModelAnswer Model, IReadOnlyList<SimilarItem> Items);

/// <summary>One similar item; the score is a cosine.</summary>
internal sealed record SimilarItem(string ItemId, double Score, string? Title);

/// <summary>What became of told items.</summary>
/// <param name="Accepted">Items that were told.</param>
/// <param name="Unknown">Those of them that the model does not know: kept for the next one.</param>
internal sealed record ItemsAnswer(int Accepted, int Unknown);

/// <summary>Items found by a text, the most popular first.</summary>
internal sealed record FoundAnswer(IReadOnlyList<FoundItem> Items);

/// <summary>One of them.</summary>
internal sealed record FoundItem(string ItemId, string? Title, IReadOnlyList<string> Categories, bool Available);

/// <summary>Facts of the model that serves; of the first where there are two.</summary>
internal sealed record ModelFacts(
    string Version, string Variant, string Algorithm, int Items, string? TrainedUntil, long TrainingSessions, long TrainingEvents,
    string? DataFingerprint, string NextItemVersion, DateTimeOffset LoadedAt, RefusedFile? Refused)
{
    /// <summary>Share of the sessions that get the second model; none where there is one model.</summary>
    public double? SplitB { get; init; }

    /// <summary>The second model; none where there is one model.</summary>
    public ModelFacts? B { get; init; }

    /// <summary>The standing rules; none without a file of them.</summary>
    public RulesFacts? Rules { get; init; }

    /// <summary>What became of events and lists; none without a folder for them.</summary>
    public FeedbackFacts? Feedback { get; init; }
}

/// <summary>What became of events and shown lists.</summary>
/// <param name="Written">Lines written since the start.</param>
/// <param name="Lost">Lines lost since the start.</param>
/// <param name="Failure">Why nothing can be written at the moment; none where it can.</param>
internal sealed record FeedbackFacts(long Written, long Lost, string? Failure);

/// <summary>Since when the standing rules hold, and why a newer file was refused.</summary>
internal sealed record RulesFacts(DateTimeOffset LoadedAt, RefusedFile? Refused);

/// <summary>Whether the server is well.</summary>
/// <param name="Status">live; ready, stopping or not-ready.</param>
/// <param name="Sessions">What is wrong with the place of the sessions; none where nothing is known to be.</param>
/// <param name="Servers">Servers of the cluster that this one takes for alive, itself among them; none where there is no cluster.</param>
internal sealed record HealthAnswer(string Status, string? Sessions = null, int? Servers = null);

/// <summary>An error as RFC 9457 has it, with a code for programs and every fault of the request.</summary>
internal sealed record ProblemAnswer(string Type, string Title, int Status, string Code, string Detail, IReadOnlyList<string>? Errors);
