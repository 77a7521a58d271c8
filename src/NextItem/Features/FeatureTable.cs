using System.Collections.Immutable;

namespace NextItem;

/// <summary>Item features as the outside has them: some items, and columns with a value for each. Immutable.</summary>
public sealed class FeatureTable
{
    /// <summary>Creates a table.</summary>
    /// <param name="items">The items: those of a model, or new ones.</param>
    /// <param name="columns">Columns with as many values as there are items, in the order of their indices. A name may appear once among texts, once among numbers and once among vectors.</param>
    /// <exception cref="ArgumentException">A column has another length, or a name appears twice.</exception>
    public FeatureTable(ItemCatalog items, IEnumerable<FeatureColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(columns);
        (Items, Columns) = (items, [.. columns]);
        foreach (var column in Columns)
        {
            if (column.Count != items.Count)
                throw new ArgumentException($"The column '{column.Name}' has {column.Count} values; expected {items.Count}, one an item.", nameof(columns));
            foreach (var kind in (FeatureKind[])[FeatureKind.Text, FeatureKind.Number, FeatureKind.Vector])
            {
                if (column.Holds(kind) && Find(column.Name, kind) != column)
                    throw new ArgumentException($"There are two columns '{column.Name}'; expected different names.", nameof(columns));
            }
        }
    }

    /// <summary>The items, by whose indices the values are ordered.</summary>
    public ItemCatalog Items { get; }

    /// <summary>The columns.</summary>
    public ImmutableArray<FeatureColumn> Columns { get; }

    /// <summary>A table with the columns of several, which are for the same catalog.</summary>
    /// <exception cref="ArgumentException">There is none, their catalogs differ, or a name appears twice.</exception>
    public static FeatureTable Join(IReadOnlyList<FeatureTable> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        if (tables.Count == 0)
            throw new ArgumentException("There is no table; expected at least one.", nameof(tables));
        return tables.Any(table => table.Items != tables[0].Items)
            ? throw new ArgumentException("The tables are for different catalogs; expected one.", nameof(tables))
            : new FeatureTable(tables[0].Items, tables.SelectMany(table => table.Columns));
    }

    /// <summary>The column of a name that can be used as a kind, or null.</summary>
    internal FeatureColumn? Find(string name, FeatureKind kind)
    {
        foreach (var column in Columns)
        {
            if (column.Name == name && column.Holds(kind))
                return column;
        }

        return null;
    }

    /// <summary>The same where there must be one.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal FeatureColumn Require(string name, FeatureKind kind)
    {
        if (Find(name, kind) is { } found)
            return found;
        var has = Columns.IsEmpty ? "none" : string.Join(", ", Columns.Select(column => $"'{column.Name}'"));
        throw new ArgumentException($"There is no column '{name}' that can be used as {kind}; the table has {has}.");
    }
}
