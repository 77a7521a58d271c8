namespace NextItem.Data.Reading;

/// <summary>The first line of a text file: which separator it uses, and where the wanted columns are.</summary>
internal static class Header
{
    private const int FirstLook = 1 << 12;
    private const int LongestLook = 1 << 20;

    /// <summary>The separator of the first line: tab if it has one, else comma, else semicolon.</summary>
    public static char Separator(PeekStream text)
    {
        for (var look = FirstLook; ; look *= 2)
        {
            var start = text.Peek(look);
            if (TrySeparator(start, out var separator) || start.Length < look || look >= LongestLook)
                return separator;
        }
    }

    /// <summary>Position of every wanted column.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="names">The columns that the file has.</param>
    /// <param name="wanted">The columns to find.</param>
    /// <param name="separator">What separates the names in a text file, where they may be the fields of an event; else null.</param>
    public static int[] Find(string path, IReadOnlyList<string> names, WantedColumn[] wanted, char? separator)
    {
        var positions = new int[wanted.Length];
        var missing = new List<WantedColumn>();
        for (var c = 0; c < wanted.Length; c++)
        {
            positions[c] = -1;
            for (var i = 0; i < names.Count; i++)
            {
                if (names[i] != wanted[c].Name)
                    continue;
                if (positions[c] >= 0)
                {
                    throw new EventsFileException(
                        path, null, $"the column {Shown.Value(names[i])} is there twice", "every column that is used to be there once");
                }

                positions[c] = i;
            }

            if (positions[c] < 0)
                missing.Add(wanted[c]);
        }

        return missing.Count == 0 ? positions : throw Missing(path, names, wanted, missing, separator);
    }

    private static EventsFileException Missing(
        string path, IReadOnlyList<string> names, WantedColumn[] wanted, List<WantedColumn> missing, char? separator)
    {
        var expected = $"the columns {Shown.Names(wanted.Select(column => column.Name))}";
        if (separator is not null && missing.Count == wanted.Length && names.All(name => TimeText.IsTime(name)))
        {
            return new EventsFileException(
                path, null, $"the first line, {Shown.Names(names)}, looks like data and not like a header", $"a header with {expected}",
                IsPyGru4Rec(names, wanted, separator)
                    ? "Add a first line that names the columns; or, if they are session, item and time, say --format pygru4rec (EventColumns.Format)."
                    : "Add a first line that names the columns.");
        }

        var free = names.Where(name => name.Length > 0 && wanted.All(column => column.Name != name)).ToList();
        var advice = wanted[0].Word is null ? string.Join(" ", missing.Select(column => Advice(column, free))) : AdviceOfWords(path, wanted, missing, free);
        if (separator is not null && names.Count == 1)
            advice = "Columns are separated by tab, comma or semicolon. " + advice;
        var noSuch = missing.Count == 1 ? "there is no column" : "there are no columns";
        return new EventsFileException(
            path, null, $"{noSuch} {Shown.Names(missing.Select(column => column.Name))} among {Shown.Names(names)}", expected, advice);
    }

    private static bool IsPyGru4Rec(IReadOnlyList<string> names, WantedColumn[] wanted, char? separator) =>
        separator == '\t' && names.Count == 3 && wanted.Any(column => column.HoldsTime);

    private static string Advice(WantedColumn column, List<string> free)
    {
        var nearest = NearestName.Of(column.Name, free);
        if (column.Option is null)
        {
            return nearest is null
                ? $"Name another column in {column.Setting}."
                : $"Did you mean {Shown.Value(nearest)}? Then name it in {column.Setting}.";
        }

        return nearest is null
            ? $"Name another column with {column.Option} ({column.Setting})."
            : $"Did you mean {Shown.Value(nearest)}? Then say {column.Option} {nearest} ({column.Setting}).";
    }

    /// <summary>One text that names all columns; the near ones by their names.</summary>
    private static string AdviceOfWords(string path, WantedColumn[] wanted, List<WantedColumn> missing, List<string> free)
    {
        var nearest = missing.ToDictionary(column => column, column => NearestName.Of(column.Name, free));
        var found = nearest.Values.OfType<string>().Distinct().ToArray();
        var parts = wanted.Select(column => $"{column.Word}={(!nearest.TryGetValue(column, out var near) ? column.Name : near ?? "COLUMN")}");
        return $"{(found.Length == 0 ? "" : $"Did you mean {Shown.Names(found)}? ")}Name the columns behind the file: \"{path}:{string.Join(';', parts)}\".";
    }

    private static bool TrySeparator(ReadOnlySpan<byte> start, out char separator)
    {
        separator = '\t';
        bool quoted = false, comma = false, semicolon = false;
        foreach (var b in start)
        {
            quoted ^= b == '"';
            if (quoted)
                continue;
            if (b == '\t')
                return true;
            comma |= b == ',';
            semicolon |= b == ';';
            if (b is not ((byte)'\n' or (byte)'\r'))
                continue;
            separator = comma ? ',' : semicolon ? ';' : '\t';
            return true;
        }

        separator = comma ? ',' : semicolon ? ';' : '\t';
        return false;
    }
}
