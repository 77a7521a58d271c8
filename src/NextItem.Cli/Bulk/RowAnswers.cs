using System.Globalization;

namespace NextItem.Cli.Bulk;

/// <summary>Answers as rows of separated text with a header: SessionId, Rank, ItemId, Score, and with explanations BecauseOf, RankWithout.</summary>
internal sealed class RowAnswers : AnswerWriter
{
    private readonly TextWriter _writer;
    private readonly char _separator;
    private readonly string _special;
    private readonly bool _explain;

    /// <summary>Begins with the header.</summary>
    public RowAnswers(TextWriter writer, char separator, bool explain)
    {
        (_writer, _separator, _explain) = (writer, separator, explain);
        _special = $"{separator}\n\r\"";
        string[] names = explain ? ["SessionId", "Rank", "ItemId", "Score", "BecauseOf", "RankWithout"] : ["SessionId", "Rank", "ItemId", "Score"];
        writer.Write(string.Join(separator, names));
        writer.Write('\n');
    }

    /// <inheritdoc/>
    public override void Write(BulkAnswer answer)
    {
        var key = Field(answer.Key);
        foreach (var (i, item) in answer.List.Items.Index())
        {
            _writer.Write(string.Create(CultureInfo.InvariantCulture, $"{key}{_separator}{i + 1}{_separator}{Field(item.ItemKey)}{_separator}{(float)item.Score:R}"));
            if (_explain)
            {
                var click = answer.Explanations![i].CarriedBy;
                _writer.Write(string.Create(CultureInfo.InvariantCulture, $"{_separator}{Field(click?.ItemKey ?? "")}{_separator}{click?.RankWithout}"));
            }

            _writer.Write('\n');
        }
    }

    /// <summary>A key as a field: quoted where it holds what would end a field.</summary>
    private string Field(string key) =>
        key.AsSpan().IndexOfAny(_special) < 0 ? key : $"\"{key.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
