using System.Runtime.CompilerServices;
using NextItem.Hosting;
using NextItem.Hosting.Models;
using NextItem.Server.Catalog;

namespace NextItem.Server.Rules;

/// <summary>The rules that hold now, which another file may replace at any time. Safe for many threads.</summary>
internal sealed class RulesHolder
{
    private readonly ItemFactsStore _facts;
    private readonly ConditionalWeakTable<ItemCatalog, CatalogRules> _byCatalog = [];
    private readonly Lock _making = new();
    private volatile StandingRules _current;
    private volatile RefusedFile? _refused;

    /// <summary>Reads the file, where there is one.</summary>
    /// <exception cref="RulesFileException">The rules cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public RulesHolder(ItemFactsStore facts, string? path, TimeProvider time)
    {
        (_facts, Path) = (facts, path);
        FirstStamp = path is null ? null : FileStamp.Of(path);
        _current = path is null ? StandingRules.None : RulesFile.Read(path);
        LoadedAt = time.GetUtcNow();
    }

    /// <summary>The file; null where there is none.</summary>
    public string? Path { get; }

    /// <summary>The file as it was when it was read first.</summary>
    public FileStamp? FirstStamp { get; }

    /// <summary>When the rules that hold were read.</summary>
    public DateTimeOffset LoadedAt { get; private set; }

    /// <summary>The file that was refused last, if none was accepted since.</summary>
    public RefusedFile? Refused
    {
        get => _refused;
        set => _refused = value;
    }

    /// <summary>Puts other rules in their place: for the next request, those under way keep theirs.</summary>
    public void Replace(StandingRules rules, DateTimeOffset now)
    {
        (_refused, LoadedAt) = (null, now);
        _current = rules;
    }

    /// <summary>The rules for a model's items, made anew after the rules or the facts of items have changed.</summary>
    public CatalogRules For(ItemCatalog catalog)
    {
        var (rules, revision) = (_current, _facts.Revision);
        if (_byCatalog.TryGetValue(catalog, out var made) && made.IsOf(rules, revision))
            return made;
        lock (_making)
        {
            if (_byCatalog.TryGetValue(catalog, out made) && made.IsOf(rules, revision))
                return made;
            made = new CatalogRules(rules, catalog, _facts, revision);
            _byCatalog.AddOrUpdate(catalog, made);
            return made;
        }
    }
}
