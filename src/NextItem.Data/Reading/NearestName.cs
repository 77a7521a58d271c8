namespace NextItem.Data.Reading;

/// <summary>Which of the names in a file is probably meant by one that is not there.</summary>
internal static class NearestName
{
    private const int Contained = 2;    // Timestamp for Time: near, but a slip of one letter is nearer
    private const int ShortestContained = 3;

    /// <summary>The nearest name, or null where none is near.</summary>
    public static string? Of(string wanted, IEnumerable<string> names)
    {
        var plainWanted = Plain(wanted);
        string? nearest = null;
        var least = int.MaxValue;
        foreach (var name in names)
        {
            var distance = Distance(plainWanted, Plain(name));
            if (distance < least)
                (nearest, least) = (name, distance);
        }

        return nearest;
    }

    // session_id, "Session Id" and SessionId are one name to a person.
    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static int Distance(string wanted, string name)
    {
        var edits = EditDistance(wanted, name);
        var distance = edits <= wanted.Length / 3 ? edits : int.MaxValue;
        var contained = Math.Min(wanted.Length, name.Length) >= ShortestContained && (name.Contains(wanted) || wanted.Contains(name));
        return contained ? Math.Min(distance, Contained) : distance;
    }

    private static int EditDistance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
