namespace NextItem.Server;

/// <summary>What visitors did with the lists of one variant.</summary>
/// <param name="Variant">A or B.</param>
/// <param name="ModelVersions">Versions of the models that made the lists.</param>
/// <param name="Lists">Lists shown.</param>
/// <param name="Sessions">Sessions they were shown to; a list without a session counts as one.</param>
/// <param name="ClickThrough">Share of the lists of which an event names the list and an item in it. Null without lists.</param>
/// <param name="HitRate">
/// Of the lists after which their session viewed or clicked another item, the share that had the next such item. Null without such lists.
/// </param>
public sealed record VariantFeedback(string Variant, IReadOnlyList<string> ModelVersions, int Lists, int Sessions, RateEstimate? ClickThrough, RateEstimate? HitRate);
