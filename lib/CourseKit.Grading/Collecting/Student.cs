namespace CourseKit.Grading;

/// <summary>Who handed in, as far as the collection tells. Everything but the id may be empty.</summary>
/// <param name="Id">What tells the student from all others in this class: the name of the file or folder.</param>
/// <param name="LastName">Family name.</param>
/// <param name="FirstName">Given name.</param>
/// <param name="Email">Address.</param>
public sealed record Student(string Id, string LastName = "", string FirstName = "", string Email = "");
