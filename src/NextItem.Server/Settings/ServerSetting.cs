namespace NextItem.Server;

/// <summary>A setting of the server under its name, the same on the command line, in the file and in the environment.</summary>
public sealed class ServerSetting
{
    private readonly Func<ServerOptions, string, ServerOptions> _set;

    internal ServerSetting(string name, string valueName, string description, Func<ServerOptions, string, ServerOptions> set)
    {
        (Name, ValueName, Description, _set) = (name, valueName, description, set);
        var words = name.Split('-');
        FileKey = string.Concat(words.Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
        Variable = $"{ServerSettings.VariablePrefix}{name.Replace('-', '_').ToUpperInvariant()}";
    }

    /// <summary>Words with hyphens; on the command line with two more before them.</summary>
    public string Name { get; }

    /// <summary>What its value is called in help.</summary>
    public string ValueName { get; }

    /// <summary>What it does, and its default.</summary>
    public string Description { get; }

    /// <summary>Its key in the file: the words in camel case.</summary>
    public string FileKey { get; }

    /// <summary>Its environment variable.</summary>
    public string Variable { get; }

    /// <summary>Whether it is yes or no.</summary>
    public bool IsFlag => ValueName == ServerSettings.Flag;

    /// <summary>Whether it names a file or a folder; a relative one in a settings file is meant from that file's folder.</summary>
    public bool IsPath => ValueName is ServerSettings.Path or ServerSettings.Folder;

    /// <exception cref="FormatException">The text is not what is expected, which is the message.</exception>
    internal ServerOptions Set(ServerOptions options, string text) => _set(options, text);
}
