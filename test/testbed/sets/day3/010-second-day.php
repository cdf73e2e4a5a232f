<?php
// A day: a history merge, a page that was deleted is made anew and its old revisions are undeleted onto it, a user is
// renamed, what was hidden is shown again, old revisions are imported.
return static function ( Scribe $scribe ) {
	$admin = $scribe->person( 'Admin' );
	$zoe = $scribe->person( 'Zoë' );
	$scribe->merge( 'Merge source', 'Merge target', $admin );
	$scribe->edit( 'Goes', 'made anew', $zoe );
	$scribe->undelete( 'Goes', $admin, 'with its history' );
	$scribe->alter( 'actor', [ 'actor_name' => 'Zoë "renamed" & co' ], [ 'actor_name' => 'Zoë' ] );
	$first = $scribe->db->selectField( 'revision', 'MIN(rev_id)', [ 'rev_page' => $scribe->title( 'Hidden' )->getArticleID() ], __METHOD__ );
	$scribe->hide( 'revision', 'Hidden', $first, 0, $admin );
	$scribe->store( 'Stays', 'imported from long ago', $scribe->stranger( 'elsewhere>Bob' ), [ 'at' => '20040102030405' ] );
};
