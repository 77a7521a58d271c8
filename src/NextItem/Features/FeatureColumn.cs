using System.Collections.Immutable;
using NextItem.Diagnostics;

namespace NextItem;

/// <summary>
/// One column of item features as the outside has them, a value an item: text (of words or of categories), a number, or a
/// vector. Any item may be without a value. Immutable.
/// </summary>
public sealed class FeatureColumn
{
    private readonly ImmutableArray<string?> _texts;
    private readonly ImmutableArray<double> _numbers;
    private readonly ImmutableArray<float> _vectors;
    private readonly ImmutableArray<bool> _hasVector;

    private FeatureColumn(string name, ImmutableArray<string?> texts, ImmutableArray<double> numbers, int length, ImmutableArray<float> vectors, ImmutableArray<bool> hasVector)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Name, Length, _texts, _numbers, _vectors, _hasVector) = (name, length, texts, numbers, vectors, hasVector);
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>Number of items.</summary>
    public int Count => !_texts.IsDefault ? _texts.Length : !_numbers.IsDefault ? _numbers.Length : _hasVector.Length;

    /// <summary>Length of the vectors; 0 for a column of texts or numbers.</summary>
    public int Length { get; }

    /// <summary>Text or categories; null, empty or blank where an item has none.</summary>
    public static FeatureColumn Texts(string name, ImmutableArray<string?> values)
    {
        RequireThere(values, nameof(values));
        return new(name, values, default, 0, default, default);
    }

    /// <summary>Numbers; not-a-number where an item has none.</summary>
    /// <exception cref="ArgumentException">A number is infinite.</exception>
    public static FeatureColumn Numbers(string name, ImmutableArray<double> values)
    {
        RequireThere(values, nameof(values));
        for (var item = 0; item < values.Length; item++)
        {
            if (double.IsInfinity(values[item]))
                throw new ArgumentException($"The number of item {item} in column '{name}' is {values[item]}; expected a finite number, or not-a-number where there is none.", nameof(values));
        }

        return new(name, default, values, 0, default, default);
    }

    /// <summary>Vectors of one length.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="length">Length of each vector, d.</param>
    /// <param name="values">[I x d] row-major; rows of items without a vector are not looked at.</param>
    /// <param name="present">[I] which items have a vector.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a vector is not finite.</exception>
    public static FeatureColumn Vectors(string name, int length, ImmutableArray<float> values, ImmutableArray<bool> present)
    {
        RequireThere(values, nameof(values));
        RequireThere(present, nameof(present));
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (values.Length != (long)length * present.Length)
            throw new ArgumentException($"'{nameof(values)}' has length {values.Length}; expected {(long)length * present.Length}, {present.Length} vectors of {length}.", nameof(values));
        for (var item = 0; item < present.Length; item++)
        {
            var vector = values.AsSpan(item * length, length);
            if (!present[item])
                continue;
            foreach (var value in vector)
            {
                if (!float.IsFinite(value))
                    throw new ArgumentException($"The vector of item {item} in column '{name}' has {value}; expected finite numbers.", nameof(values));
            }
        }

        return new(name, default, default, length, values, present);
    }

    /// <summary>Whether the column can be used as a kind.</summary>
    internal bool Holds(FeatureKind kind) => kind switch
    {
        FeatureKind.Number => !_numbers.IsDefault,
        FeatureKind.Vector => !_hasVector.IsDefault,
        _ => !_texts.IsDefault,
    };

    /// <summary>The text of an item; empty where there is none.</summary>
    internal ReadOnlySpan<char> TextOf(int item) => _texts[item].AsSpan().Trim();

    /// <summary>The number of an item; not-a-number where there is none.</summary>
    internal double NumberOf(int item) => _numbers[item];

    /// <summary>The vector of an item; empty where there is none.</summary>
    internal ReadOnlySpan<float> VectorOf(int item) => _hasVector[item] ? _vectors.AsSpan(item * Length, Length) : [];

    private static void RequireThere<T>(ImmutableArray<T> values, string name)
    {
        if (values.IsDefault)
            Throw.Invalid<int>($"'{name}' is an array that was never made; expected one, even if empty.", name);
    }
}
