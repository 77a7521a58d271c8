using System.Security.Cryptography;

namespace NextItem.Cli.Tuning;

/// <summary>A file that a search reads.</summary>
/// <param name="Role">The option that names it.</param>
/// <param name="Path">As it was named.</param>
/// <param name="Sha256">Of its bytes, in lower-case hexadecimal.</param>
internal sealed record ReadFile(string Role, string Path, string Sha256)
{
    /// <summary>Files by the names that they have among what makes a search this one: "file data", "file features 2".</summary>
    public static IEnumerable<(string Name, ReadFile File)> Named(IEnumerable<ReadFile> files) =>
        files.GroupBy(file => file.Role).SelectMany(role => role.Index().Select(each => ($"file {role.Key}{(each.Index > 0 ? $" {each.Index + 1}" : "")}", each.Item)));

    /// <summary>Reads it through.</summary>
    public static ReadFile Of(string role, FileInfo file)
    {
        using var stream = file.OpenRead();
        return new ReadFile(role, file.ToString(), Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
