namespace NextItem.Hosting.Models;

/// <summary>The models that serve: one, or two between which sessions are split.</summary>
/// <param name="a">The model of all that B does not have.</param>
/// <param name="b">The other one; null where there is one model.</param>
/// <param name="shareOfB">Share of the ids that get B, 0 to 1.</param>
/// <param name="salt">Another salt splits the ids in another way.</param>
internal sealed class ModelVariants(ModelHolder a, ModelHolder? b = null, double shareOfB = 0, string salt = "") : IDisposable
{
    public ModelHolder A => a;

    public ModelHolder? B => b;

    public double ShareOfB => shareOfB;

    /// <summary>Loads the models.</summary>
    /// <param name="path">A's file.</param>
    /// <param name="pathOfB">B's file; null where there is one model.</param>
    /// <param name="shareOfB">Share of the ids that get B, 0 to 1.</param>
    /// <param name="salt">Another salt splits the ids in another way.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ModelFileException">A file is no model file, is damaged, or recommends nothing.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ModelVariants Load(string path, string? pathOfB, double shareOfB, string salt, TimeProvider time)
    {
        var a = new ModelHolder(ServedModel.Load(path, time, VariantSplit.A));
        if (pathOfB is null)
            return new ModelVariants(a);
        try
        {
            return new ModelVariants(a, new ModelHolder(ServedModel.Load(pathOfB, time, VariantSplit.B)), shareOfB, salt);
        }
        catch
        {
            a.Dispose();
            throw;
        }
    }

    /// <summary>The model of a session, for one request.</summary>
    /// <param name="id">The session's id, or else the visitor's; null, where neither is known, is A's.</param>
    public ModelLease Lease(string? id) => (IsOfB(id) ? b! : a).Lease();

    /// <summary>Frees the models after the last request; nobody may lease any more.</summary>
    public void Dispose()
    {
        a.Dispose();
        b?.Dispose();
    }

    private bool IsOfB(string? id) => b is not null && id is not null && VariantSplit.PlaceOf(salt, id) < shareOfB;
}
