namespace NextItem.Models;

/// <summary>The place of one parameter: its name, its shape, and how it starts.</summary>
/// <param name="Name">Unique; the prefix of its names in the model file.</param>
/// <param name="Rows">Rows.</param>
/// <param name="BlockColumns">Logical columns of each block.</param>
/// <param name="Blocks">Blocks side by side, each initialised as a matrix of its own: 3 for the gates of a GRU.</param>
/// <param name="GlorotColumns">Columns that start with Glorot's uniform numbers; the rest, and everything when 0, starts with zeros.</param>
internal readonly record struct ParameterSpec(string Name, int Rows, int BlockColumns, int Blocks, int GlorotColumns);
