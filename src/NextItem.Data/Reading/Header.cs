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
        // Columns of features that are there were chosen among those: nobody asked for them by name.
        string[] asked = [.. wanted.Where(column => !column.HoldsFeature || missing.Contains(column)).Select(column => column.Name)];
        var expected = $"the column{(asked.Length == 1 ? "" : "s")} {Shown.Names(asked)}";
        if (separator is not null && missing.Count == wanted.Length && names.All(name => TimeText.IsTime(name)))
        {
            return new EventsFileException(
                path, null, $"the first line, {Shown.Names(names)}, looks like data and not like a header", $"a header with {expected}",
                IsPyGru4Rec(names, wanted, separator)
                    ? "Add a first line that names the columns; or, if they are session, item and time, say --format pygru4rec (EventColumns.Format)."
                    : "Add a first line that names the columns.");
        }

        var free = names.Where(name => name.Length > 0 && wanted.All(column => column.Name != name)).ToList();
        var advice = wanted[0].Word is null ? Advice(missing, free) : AdviceOfWords(path, wanted, missing, free);
        if (separator is not null && names.Count == 1)
            advice = "Columns are separated by tab, comma or semicolon. " + advice;
        var noSuch = missing.Count == 1 ? "there is no column" : "there are no columns";
        return new EventsFileException(
            path, null, $"{noSuch} {Shown.Names(missing.Select(column => column.Name))} among {Shown.Names(names)}", expected, advice);
    }

    private static bool IsPyGru4Rec(IReadOnlyList<string> names, WantedColumn[] wanted, char? separator) =>
        separator == '\t' && names.Count == 3 && wanted.Any(column => column.HoldsTime);

    /// <summary>The columns that may be meant, one after the other, and then in one sentence where to name the others.</summary>
    private static string Advice(List<WantedColumn> missing, List<string> free)
    {
        var sentences = new List<string>();
        var others = new List<string>();
        foreach (var column in missing)
        {
            var nearest = NearestName.Of(column.Name, free);
            if (nearest is null)
                others.Add(column.Option is null ? column.Setting : $"{column.Option} ({column.Setting})");
            else if (column.Option is null)
                sentences.Add($"Did you mean {Shown.Value(nearest)}? Then name it in {column.Setting}.");
            else
                sentences.Add($"Did you mean {Shown.Value(nearest)}? Then say {column.Option} {nearest} ({column.Setting}).");
        }

        if (others.Count > 0)
        {
            string[] places = [.. others.Distinct()];
            var listed = places.Length == 1 ? places[0] : $"{string.Join(", ", places[..^1])} and {places[^1]}";
            sentences.Add($"Name {(others.Count == 1 ? "another column" : "other columns")} {(missing[0].Option is null ? "in" : "with")} {listed}.");
        }

        return string.Join(" ", sentences);
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
