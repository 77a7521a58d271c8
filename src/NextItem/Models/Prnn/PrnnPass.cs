namespace NextItem.Models.Prnn;

/// <summary>One pass over a mini-batch: which subnets take part in the scores, and which of them are trained.</summary>
/// <param name="Included">Subnets whose scores are summed up, a bit each.</param>
/// <param name="Active">Of those, the ones that are updated, with their output matrices; dropout is theirs alone.</param>
/// <param name="FrozenAside">
/// Subnets that are not trained are computed beside the state that carries on, from the same previous one: interleaving, where
/// each carries the state of its own training pass. Else that computation is what carries on.
/// </param>
/// <param name="TrainsOutput">Whether a shared output matrix is trained too; those of single subnets are, with their subnets.</param>
/// <param name="FrozenHeads">
/// Active subnets whose output matrices are frozen, a bit each: their states get what comes through other subnets' products alone.
/// </param>
/// <param name="TrainsBias">Whether the items' bias is trained although the first subnet's output matrix is not.</param>
internal readonly record struct PrnnPass(
    uint Included, uint Active, bool FrozenAside = false, bool TrainsOutput = true, uint FrozenHeads = 0, bool TrainsBias = false)
{
    /// <summary>Whether an active subnet's output matrix is frozen.</summary>
    public bool FreezesHead(int subnet) => (FrozenHeads >> subnet & 1) != 0;

    /// <summary>Whether a subnet's scores count.</summary>
    public bool Includes(int subnet) => (Included >> subnet & 1) != 0;

    /// <summary>Whether a subnet is trained.</summary>
    public bool Trains(int subnet) => (Active >> subnet & 1) != 0;
}
