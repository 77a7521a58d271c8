using System.Text;
using NextItem.Preparation.Engine;
using NextItem.Sessions;

namespace NextItem.Preparation.Output;

/// <summary>
/// <see cref="SessionSet.Fingerprint"/> of a table in the order in which it is written, without its sessions in memory: the file read
/// back has the same, and so has a model that was trained on it.
/// </summary>
internal static class TableFingerprint
{
    private const int Piece = 8192;

    /// <summary>The fingerprint of a sorted table; the distinct items are held in memory.</summary>
    public static string Of(Database database, string table)
    {
        using var fingerprint = new SessionFingerprint();
        var items = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var key in database.Query($"SELECT item_key FROM {table} GROUP BY item_key ORDER BY min(rowid)", row => row.GetString(0)))
        {
            items.Add(key, items.Count);
            fingerprint.AddItemKey(Encoding.UTF8.GetBytes(key));
        }

        var numbers = new List<int>(Piece);
        database.Stream($"SELECT item_key FROM {table}", row => Append(fingerprint, numbers, items[row.GetString(0)]));
        var sessions = $"SELECT count(*), min(time) / 1000000 FROM {table} GROUP BY session_key ORDER BY min(rowid)";
        var offset = 0L;
        Append(fingerprint, numbers, 0);
        database.Stream(sessions, row => Append(fingerprint, numbers, checked((int)(offset += row.GetInt64(0)))));
        fingerprint.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(numbers));
        var times = new List<double>(Piece);
        database.Stream(sessions, row =>
        {
            times.Add(row.GetDouble(1));
            if (times.Count < Piece)
                return;
            fingerprint.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(times));
            times.Clear();
        });
        fingerprint.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(times));
        return fingerprint.Finish();
    }

    private static void Append(SessionFingerprint fingerprint, List<int> numbers, int number)
    {
        numbers.Add(number);
        if (numbers.Count < Piece)
            return;
        fingerprint.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(numbers));
        numbers.Clear();
    }
}
