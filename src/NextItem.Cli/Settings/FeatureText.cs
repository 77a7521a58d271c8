using NextItem.Cli.Output;
using NextItem.Data;
using NextItem.Data.Reading;

namespace NextItem.Cli.Settings;

/// <summary>
/// A value of <c>--features</c>: a file, and after a colon what to make of it, in parts separated by ';'. A part is a subnet
/// (<c>text=title,description</c>, or <c>text=title+category=genres[,]</c> for both in one) or a setting (<c>item=MovieId</c>).
/// A name in quote marks may hold any character.
/// </summary>
internal static class FeatureText
{
    /// <summary>Reads a value; what cannot be read is a fault.</summary>
    public static FeatureSource Read(string value, List<string> faults)
    {
        var (path, parts) = SpecificationText.Read(value);
        var source = new FeatureSource(path);
        var blocks = new List<FeatureBlockOptions>();
        foreach (var part in parts)
        {
            try
            {
                if (part.Trim().Length == 0)
                    continue;
                var at = part.IndexOf('=');
                if (at > 0 && FeatureWords.IsSetting(part[..at]))
                    source = FeatureWords.Set(source, part[..at].Trim(), SpecificationText.Unquoted(part[(at + 1)..]));
                else
                    blocks.Add(Block(part));
            }
            catch (UsageException e)
            {
                faults.AddRange(e.Faults.Select(fault => $"--features {source.Path}: {fault}"));
            }
        }

        return source with { Blocks = [.. blocks.Select(block => FeatureWords.WithSettings(block, source))] };
    }

    private static FeatureBlockOptions Block(string part)
    {
        var columns = new List<FeatureColumnOptions>();
        foreach (var columnsOfAKind in SpecificationText.Split(part, '+'))
        {
            var at = columnsOfAKind.IndexOf('=');
            if (at <= 0)
                throw new UsageException($"'{columnsOfAKind.Trim()}' says nothing; expected kind=column or setting=value, as in text=title,description.");
            var word = columnsOfAKind[..at].Trim();
            var kind = FeatureWords.Kind(word) ?? throw FeatureWords.Unknown(word, []);
            columns.AddRange(SpecificationText.Split(columnsOfAKind[(at + 1)..], ',').Select(column => Column(column.Trim(), kind)));
        }

        return new FeatureBlockOptions { Name = FeatureWords.NameOf(columns), Columns = [.. columns] };
    }

    private static FeatureColumnOptions Column(string text, FeatureKind kind)
    {
        var bracket = text.EndsWith(']') ? text.LastIndexOf('[') : -1;
        var name = SpecificationText.Unquoted(bracket < 0 ? text : text[..bracket]);
        if (name.Length == 0)
            throw new UsageException($"a column of kind {kind.ToString().ToLowerInvariant()} has no name; expected names separated by commas.");
        if (bracket < 0)
            return new(name, kind);
        return kind == FeatureKind.Category
            ? new(name, kind) { Separator = FeatureWords.Separator(text[(bracket + 1)..^1]) }
            : throw new UsageException($"'{text}' has a separator, which categories alone have; put the name in quote marks if the brackets are its own.");
    }
}
