using System.IO.Compression;
using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Data;
using NextItem.Data.Writing;

namespace NextItem.Cli.Bulk;

/// <summary>Where the answers of <c>recommend --data</c> go.</summary>
internal abstract class AnswerWriter
{
    // What people may expect of a name, and would not get.
    private static readonly string[] s_otherKinds =
    [
        ".xlsx", ".xls", ".ods", ".json", ".xml", ".html", ".htm", ".md", ".pdf", ".yaml", ".yml", ".avro", ".orc", ".feather", ".arrow", ".npy", ".npz", ".db", ".sqlite", ".duckdb", ".zip", ".zst", ".bz2", ".xz", ".7z",
    ];

    /// <summary>Writes an answer.</summary>
    public abstract void Write(BulkAnswer answer);

    /// <summary>
    /// Refuses a name that promises what is not written, such as .xlsx or .parquet.gz, before the work. One without an ending, or with one such as
    /// .2026-11-29, promises nothing and is tab-separated, as are devices: /dev/stdout, and /dev/fd/63 of a shell.
    /// </summary>
    public static void RequireKnown(string option, FileInfo? file)
    {
        if (file is null || AtomicFile.IsDevice(file.FullName))
            return;
        var name = file.Name.ToLowerInvariant();
        var ending = Path.GetExtension(name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name);
        if (s_otherKinds.Contains(ending) || (ending == ".parquet" && name.EndsWith(".gz", StringComparison.Ordinal)))
            throw new UsageException($"{option} is '{file}'; expected a file that ends in .tsv, .txt, .csv, .jsonl or .ndjson (each also with .gz) or .parquet, or one without an ending for tab-separated text.");
    }

    /// <summary>The file's name says what it holds: .csv, .jsonl or .ndjson, .parquet, else tab-separated text; text ending in .gz is gzipped.</summary>
    public static void ToFile(FileInfo file, bool explain, Action<AnswerWriter> write)
    {
        AtomicFile.Write(file.FullName, stream =>
        {
            var name = file.Name.ToLowerInvariant();
            if (name.EndsWith(".parquet", StringComparison.Ordinal))
            {
                using var table = new RecommendationTable(stream, explain);
                write(new TableAnswers(table));
                table.Finish();
                return;
            }

            if (!name.EndsWith(".gz", StringComparison.Ordinal))
            {
                Text(stream, name, explain, write);
                return;
            }

            using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
            Text(gzip, name[..^3], explain, write);
        });
    }

    /// <summary>JSON, if a file was given for it: an object with all answers.</summary>
    public static void ToJson(FileInfo? file, Action<AnswerWriter?> write)
    {
        if (file is null)
        {
            write(null);
            return;
        }

        JsonFile.Write(file, json =>
        {
            json.WriteStartArray("sessions");
            write(new JsonAnswers(json));
            json.WriteEndArray();
        });
    }

    private static void Text(Stream stream, string name, bool explain, Action<AnswerWriter> write)
    {
        if (name.EndsWith(".jsonl", StringComparison.Ordinal) || name.EndsWith(".ndjson", StringComparison.Ordinal))
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JsonFile.Plain });
            write(new JsonLineAnswers(stream, json));
            return;
        }

        using var writer = new StreamWriter(stream, bufferSize: 1 << 16, leaveOpen: true);
        write(new RowAnswers(writer, name.EndsWith(".csv", StringComparison.Ordinal) ? ',' : '\t', explain));
    }

    private sealed class TableAnswers(RecommendationTable table) : AnswerWriter
    {
        public override void Write(BulkAnswer answer)
        {
            foreach (var (i, item) in answer.List.Items.Index())
            {
                var click = answer.Explanations?[i].CarriedBy;
                table.Add(answer.Key, i + 1, item.ItemKey, (float)item.Score, click?.ItemKey, click?.RankWithout);
            }
        }
    }

    private sealed class JsonAnswers(Utf8JsonWriter json) : AnswerWriter
    {
        private const int MostPending = 1 << 16;

        public override void Write(BulkAnswer answer)
        {
            AnswerJson.WriteSession(json, answer);
            if (json.BytesPending > MostPending)
                json.Flush(); // by itself it would keep everything to the end
        }
    }

    private sealed class JsonLineAnswers(Stream stream, Utf8JsonWriter json) : AnswerWriter
    {
        public override void Write(BulkAnswer answer)
        {
            AnswerJson.WriteSession(json, answer);
            json.Flush();
            stream.WriteByte((byte)'\n');
            json.Reset();
        }
    }
}
