namespace NextItem.Server.Models;

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

    /// <summary>Loads the models that the options name.</summary>
    public static ModelVariants Load(ServerOptions options, TimeProvider time)
    {
        var a = new ModelHolder(ServedModel.Load(options.ModelPath, time, VariantSplit.A));
        if (options.ModelBPath is null)
            return new ModelVariants(a);
        try
        {
            return new ModelVariants(a, new ModelHolder(ServedModel.Load(options.ModelBPath, time, VariantSplit.B)), options.ShareOfB, options.SplitSalt);
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
