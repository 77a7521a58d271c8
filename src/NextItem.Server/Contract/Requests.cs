namespace NextItem.Server.Contract;

/// <summary>What every request for recommendations may ask for.</summary>
internal abstract record ListRequest
{
    public int? NumResults { get; init; }

    public string[]? Exclude { get; init; }

    public string[]? Allow { get; init; }

    public string[]? Deny { get; init; }

    public string? Filter { get; init; }

    public bool? Explain { get; init; }

    /// <summary>False: nothing of the request or its session is kept.</summary>
    public bool? Consent { get; init; }
}

/// <summary>Body of <c>POST /v1/recommendations</c>.</summary>
internal sealed record RecommendationsRequest : ListRequest
{
    public string? SessionId { get; init; }

    public string[]? Items { get; init; }

    /// <summary>Where there is no session's id, decides which of two models answers.</summary>
    public string? VisitorId { get; init; }

    /// <summary>With a session and items: the items become the session's events.</summary>
    public bool? Store { get; init; }
}

/// <summary>Body of <c>POST /v1/sessions/{id}/events</c>: one event, and recommendations after it.</summary>
internal sealed record SessionEventRequest : ListRequest
{
    public string? EventType { get; init; }

    public string? ItemId { get; init; }

    public string? SentAt { get; init; }

    public string? EventId { get; init; }

    public string? RecommendationId { get; init; }

    public EventRequest Event => new() { EventType = EventType, ItemId = ItemId, SentAt = SentAt, EventId = EventId, RecommendationId = RecommendationId };
}

/// <summary>Body of <c>POST /v1/events</c>.</summary>
internal sealed record EventsRequest
{
    public string? SessionId { get; init; }

    public bool? Consent { get; init; }

    public EventRequest?[]? Events { get; init; }
}

/// <summary>One event of a session.</summary>
internal sealed record EventRequest
{
    public string? EventType { get; init; }

    public string? ItemId { get; init; }

    public string? SentAt { get; init; }

    public string? EventId { get; init; }

    public string? RecommendationId { get; init; }
}

/// <summary>Body of <c>PUT /v1/items</c>, and the layout of the file that keeps them.</summary>
internal sealed record ItemsRequest
{
    public ItemRequest?[]? Items { get; init; }
}

/// <summary>What a shop tells about an item; what is left out stays as it was.</summary>
internal sealed record ItemRequest
{
    public string? ItemId { get; init; }

    public string? Title { get; init; }

    public string[]? Categories { get; init; }

    public bool? Available { get; init; }
}
