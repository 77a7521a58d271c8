using System.Text.Json;
using NextItem.Server.Settings;

namespace NextItem.Server.Rules;

/// <summary>The file of standing rules: JSON, of which every fault is told.</summary>
internal static class RulesFile
{
    /// <summary>Boosts and buries of a file at most: each is asked of every item.</summary>
    private const int MostLifts = 100;

    /// <summary>The most spreads that one rule lifts; more than the whole catalog's scores are apart.</summary>
    private const double MostSpreads = 1000;

    /// <summary>Reads the rules.</summary>
    /// <exception cref="RulesFileException">They cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static StandingRules Read(string path)
    {
        var faults = new List<string>();
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false });
            var rules = Of(new JsonRule(json.RootElement, "the file", faults));
            if (faults.Count > 0)
                throw new RulesFileException(path, faults);
            return rules;
        }
        catch (JsonException e)
        {
            throw new RulesFileException(path, [$"This is no JSON of rules: {e.Message}"]);
        }
        catch (InvalidOperationException)
        {
            throw new RulesFileException(path, ["A string is no valid Unicode text."]); // half a surrogate pair, escaped
        }
    }

    private static StandingRules Of(JsonRule file)
    {
        file.Keys("hide", "showUnavailable", "excludeSeen", "pin", "boost", "bury", "quota");
        var hide = file.Object("hide");
        hide?.Keys("items", "categories", "filter");
        Lift[] lifts = [.. file.List("boost").Select(boost => LiftOf(boost, 1)), .. file.List("bury").Select(bury => LiftOf(bury, -1))];
        if (lifts.Length > MostLifts)
            file.Fault($"boost and bury have {lifts.Length} entries; expected {MostLifts} at most.");
        var quotas = new Dictionary<string, int>(StringComparer.Ordinal);
        int? ofEach = null;
        foreach (var quota in file.List("quota"))
        {
            quota.Keys("category", "most");
            var most = quota.Whole("most", 0, RequestLimits.NumResults) ?? 0;
            var category = quota.Id("category", isNeeded: false);
            if (category is null && ofEach is not null)
                quota.Fault("is for each category, as one before it; expected one such quota.");
            else if (category is null)
                ofEach = most;
            else if (!quotas.TryAdd(category, most))
                quota.Fault($"is for '{category}', as one before it; expected one quota of a category.");
        }

        return new StandingRules
        {
            HiddenItems = (hide?.Ids("items") ?? []).ToHashSet(StringComparer.Ordinal),
            HiddenCategories = (hide?.Ids("categories") ?? []).ToHashSet(StringComparer.Ordinal),
            HiddenFilter = hide?.Filter("filter", isNeeded: false),
            ShowsUnavailable = file.Flag("showUnavailable") ?? false,
            ExcludeSeen = file.Flag("excludeSeen"),
            Pins = [.. file.List("pin").Select(PinOf)],
            Lifts = lifts,
            Quotas = quotas,
            QuotaOfEach = ofEach,
        };
    }

    private static Pin PinOf(JsonRule pin)
    {
        pin.Keys("itemId", "position", "from", "until", "lastCategory");
        var (from, until) = (pin.Time("from"), pin.Time("until"));
        if (from >= until)
            pin.Fault("is over before it begins; expected until after from.");
        return new Pin(pin.Whole("position", 1, RequestLimits.NumResults) ?? 1, pin.Id("itemId", isNeeded: true) ?? "", from, until, pin.Id("lastCategory", isNeeded: false));
    }

    private static Lift LiftOf(JsonRule lift, int sign)
    {
        lift.Keys("filter", "by");
        return new Lift(lift.Filter("filter", isNeeded: true) ?? (_ => false), sign * (lift.Number("by", MostSpreads) ?? 0));
    }
}
