using System.Globalization;
using System.Security.Cryptography;

namespace NextItem.Hosting.Models;

/// <summary>
/// A model that serves. Requests hold a <see cref="ModelLease"/> while they use it; when it is replaced, its memory is freed after
/// the last of them.
/// </summary>
internal sealed class ServedModel
{
    /// <summary>Hexadecimal digits of a version: 48 bits of the file's SHA-256.</summary>
    private const int VersionDigits = 12;

    /// <summary>Times from 1990 to 2100 are taken for dates, as by <c>nextitem inspect</c>.</summary>
    private const double UnixEarliest = 631_152_000, UnixLatest = 4_102_444_800;

    private readonly TrainedModel _trained;
    private int _uses = 1; // the server's own

    private ServedModel(TrainedModel trained, string path, string variant, string version, FileStamp? stamp, DateTimeOffset loadedAt)
    {
        (Path, Variant) = (path, variant);
        Stamp = stamp;
        _trained = trained;
        Version = version;
        LoadedAt = loadedAt;
        Recommender = new Recommender(trained.Model, new RecommenderOptions { Index = IndexBuilding.AtOnce });
        Scorer = new SessionScorer(trained.Model);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Whose sessions it has: those of A or of B.</summary>
    public string Variant { get; }

    /// <summary>What the file's bytes are called: the same file has the same version everywhere.</summary>
    public string Version { get; }

    /// <summary>The file before it was read.</summary>
    public FileStamp? Stamp { get; }

    public DateTimeOffset LoadedAt { get; }

    /// <summary>For what no session state is needed.</summary>
    public Recommender Recommender { get; }

    public SessionScorer Scorer { get; }

    public ItemCatalog Catalog => _trained.Model.Catalog;

    public string Algorithm => _trained.Model.Algorithm;

    public TrainingProvenance Provenance => _trained.Provenance;

    /// <summary>The time of the last training event, where the number is plausible as Unix seconds or milliseconds.</summary>
    public DateTimeOffset? TrainedUntilTime => Provenance.TrainedUntil switch
    {
        >= UnixEarliest and <= UnixLatest => DateTimeOffset.FromUnixTimeMilliseconds((long)(Provenance.TrainedUntil * 1000)),
        >= UnixEarliest * 1000 and <= UnixLatest * 1000 => DateTimeOffset.FromUnixTimeMilliseconds((long)Provenance.TrainedUntil),
        _ => null,
    };

    /// <summary>The time of the last training event: a date where the number is plausible as one, else the number; null where it is not known.</summary>
    /// <remarks>A model of another program's weights has no fingerprint of its training data, and no time.</remarks>
    public string? TrainedUntil => Provenance is { DataFingerprint.Length: 0, TrainedUntil: 0 }
        ? null
        : TrainedUntilTime?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? Provenance.TrainedUntil.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Loads a model file, builds its index, and asks it for a recommendation.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="variant">Whose sessions it has.</param>
    /// <exception cref="ModelFileException">The file is no model file, is damaged, or recommends nothing.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <remarks>The file is copied into memory and not mapped: a file that is written over in place would be the end of the process.</remarks>
    public static ServedModel Load(string path, TimeProvider time, string variant = VariantSplit.A)
    {
        var stamp = FileStamp.Of(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        var version = Convert.ToHexStringLower(SHA256.HashData(stream))[..VersionDigits];
        stream.Position = 0;
        var model = new ServedModel(ModelFile.Load(stream), path, variant, version, stamp, time.GetUtcNow());
        try
        {
            model.Try();
            return model;
        }
        catch
        {
            model.Release();
            throw;
        }
    }

    /// <summary>Counts one more user, unless the model has been freed.</summary>
    public bool TryUse()
    {
        var uses = Volatile.Read(ref _uses);
        while (uses > 0)
        {
            var found = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (found == uses)
                return true;
            uses = found;
        }

        return false;
    }

    /// <summary>Counts one user less; the last one frees the model.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _uses) != 0)
            return;
        Scorer.Dispose();
        Recommender.Dispose();
        _trained.Dispose();
    }

    /// <summary>A smoke test: the most popular item's session has recommendations whose scores are numbers, from its state as from its items.</summary>
    private void Try()
    {
        if (Catalog.Count == 0)
            throw new ModelFileException("The model knows no item; it can recommend nothing.");
        var first = Recommender.Recommend([], 1).Items[0].ItemKey;
        int[] session = [Catalog.IndexOf(first)];
        var (direct, stored) = (new ScoredItem[5], new ScoredItem[5]);
        var found = Scorer.TopK([], session, null, [], direct);
        var again = Scorer.TopK(Scorer.Advance([], session), [], null, [], stored);
        if (!direct.AsSpan(0, found).SequenceEqual(stored.AsSpan(0, again)))
            throw new ModelFileException("The model recommends other items from a stored session state than from the items.");
        if (direct.Take(found).Any(item => !double.IsFinite(item.Score)))
            throw new ModelFileException($"The model's scores for a session of '{first}' are no finite numbers.");
    }
}
