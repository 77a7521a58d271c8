using System.Collections.Immutable;

namespace NextItem.Models.Gru4Rec;

/// <summary>The layers' units, compared by value, which an immutable array alone is not.</summary>
internal readonly struct LayerSizes(ImmutableArray<int> units) : IEquatable<LayerSizes>
{
    public readonly ImmutableArray<int> Units = units;

    public bool Equals(LayerSizes other) =>
        Units.IsDefault ? other.Units.IsDefault : !other.Units.IsDefault && Units.SequenceEqual(other.Units);

    public override bool Equals(object? obj) => obj is LayerSizes other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var units in Units.IsDefault ? [] : Units)
            hash.Add(units);
        return hash.ToHashCode();
    }
}
