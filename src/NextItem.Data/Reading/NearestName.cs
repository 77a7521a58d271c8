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
        var edits = EditDistance.Between(wanted, name);
        var distance = edits <= wanted.Length / 3 ? edits : int.MaxValue;
        var contained = Math.Min(wanted.Length, name.Length) >= ShortestContained && (name.Contains(wanted) || wanted.Contains(name));
        return contained ? Math.Min(distance, Contained) : distance;
    }
}
