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

        // Where a session begins, from the order alone: no sorting once more.
        var begins = $"SELECT place, time / 1000000 FROM (SELECT row_number() OVER () - 1 AS place, time, session_key IS DISTINCT FROM lag(session_key) OVER () AS is_first FROM {table}) WHERE is_first";
        var numbers = new List<int>(Piece);
        var count = 0;
        database.Stream($"SELECT item_key FROM {table}", row =>
        {
            Append(fingerprint, numbers, items[row.GetString(0)]);
            count = checked(count + 1);
        });
        database.Stream(begins, row => Append(fingerprint, numbers, checked((int)row.GetInt64(0))));
        Append(fingerprint, numbers, count);
        fingerprint.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(numbers));
        var times = new List<double>(Piece);
        database.Stream(begins, row =>
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
