using NextItem.Cli.Output;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace NextItem.Cli.Settings;

/// <summary>The fields of RecBole's configuration files (YAML), those of later files over those of earlier ones, as RecBole takes several.</summary>
internal sealed class RecBoleFile
{
    private const int MostBytes = 1 << 20;
    private const int MostDepth = 20;

    private readonly Dictionary<string, (YamlNode Value, string File)> _fields = new(StringComparer.Ordinal);

    /// <summary>Reads files.</summary>
    /// <exception cref="RunException">One is not there, or no mapping of fields.</exception>
    public static RecBoleFile Read(IEnumerable<FileInfo> files)
    {
        var all = new RecBoleFile();
        foreach (var file in files)
            all.Add(file);
        return all;
    }

    /// <summary>The fields' names in the order of the files.</summary>
    public IEnumerable<string> Names => _fields.Keys;

    /// <summary>A field; null where no file has it, or has nothing in it (<c>~</c>).</summary>
    public YamlNode? this[string name] => _fields.TryGetValue(name, out var field) && !IsNothing(field.Value) ? field.Value : null;

    /// <summary>Whether a file has the field, with or without something in it.</summary>
    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>A field that cannot be used.</summary>
    public UsageException Fault(string name, string expected) =>
        new($"{_fields[name].File}, line {_fields[name].Value.Start.Line}: {name} is '{TextOf(_fields[name].Value)}'; expected {expected}.");

    /// <summary>A value on one line.</summary>
    public static string TextOf(YamlNode node) => node switch
    {
        YamlScalarNode scalar => IsNothing(scalar) ? "~" : scalar.Value ?? "",
        YamlSequenceNode list => $"[{string.Join(", ", list.Children.Select(TextOf))}]",
        YamlMappingNode map => $"{{{string.Join(", ", map.Children.Select(pair => $"{TextOf(pair.Key)}: {TextOf(pair.Value)}"))}}}",
        _ => node.ToString(),
    };

    private static bool IsNothing(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" or "None" };

    /// <summary>The library reads lists within lists by recursion, and an alias may stand within what it names: both would end the process.</summary>
    private static void RequirePlain(string text, FileInfo file)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MostDepth)
                throw new RunException($"{file}, line {parser.Current.Start.Line}: lists and mappings stand within each other more than {MostDepth} deep; expected a RecBole configuration.");
            if (parser.Current is AnchorAlias alias)
                throw new RunException($"{file}, line {alias.Start.Line}: '*{alias.Value}' is an alias; expected the value itself.");
        }
    }

    private void Add(FileInfo file)
    {
        if (!file.Exists)
            throw new RunException($"{file} {(Directory.Exists(file.FullName) ? "is a directory" : "does not exist")}; expected a RecBole configuration (YAML).");
        if (file.Length > MostBytes)
            throw new RunException($"{file} has {file.Length:N0} bytes; expected a RecBole configuration of at most {MostBytes:N0}.");
        var yaml = new YamlStream();
        try
        {
            var text = File.ReadAllText(file.FullName);
            RequirePlain(text, file);
            yaml.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new RunException($"{file}, line {e.Start.Line}: not YAML: {e.InnerException?.Message ?? e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new RunException($"{file} is not YAML; expected a RecBole configuration, such as 'hidden_size: 128' on a line.", e); // the library's way to refuse some texts
        }

        if (yaml.Documents is not [{ RootNode: YamlMappingNode fields }])
            throw new RunException($"{file} is no mapping of fields; expected a RecBole configuration, such as 'hidden_size: 128' on a line.");
        foreach (var (key, value) in fields.Children)
        {
            _fields.Remove(TextOf(key)); // so that the order is that of the last file
            _fields[TextOf(key)] = (value, file.ToString());
        }
    }
}
